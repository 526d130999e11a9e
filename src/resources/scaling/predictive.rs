//! The configuration of a policy that foresees the load.

use crate::resources::block::RealText;
use crate::resources::document::{Many, One, Unordered, document};
use crate::resources::prelude::*;

document! {
    Dimension {
        name = "Name": Text [.required()];
        value = "Value": Text [.required()];
    }
}
document! {
    Metric {
        metric_name = "MetricName": Text;
        namespace = "Namespace": Text;
        dimension = "Dimensions": Unordered<Dimension>;
    }
}
document! {
    Stat {
        stat = "Stat": Text [.required()];
        unit = "Unit": Text;
        metric = "Metric": One<Metric> [.count(1, Some(1))];
    }
}
document! {
    Query {
        expression = "Expression": Text;
        id = "Id": Text [.required()];
        label = "Label": Text;
        return_data = "ReturnData": Flag [.default(true)];
        metric_stat = "MetricStat": One<Stat>;
    }
}
document! {
    Customized {
        metric_data_query = "MetricDataQueries": Many<Query> [.count(1, None)];
    }
}
document! {
    Predefined {
        predefined_metric_type = "PredefinedMetricType": Text [.required()];
        resource_label = "ResourceLabel": Text;
    }
}
document! {
    Specification {
        target_value = "TargetValue": RealText [.required()];
        customized_capacity_metric_specification = "CustomizedCapacityMetricSpecification": One<Customized>;
        customized_load_metric_specification = "CustomizedLoadMetricSpecification": One<Customized>;
        customized_scaling_metric_specification = "CustomizedScalingMetricSpecification": One<Customized>;
        predefined_load_metric_specification = "PredefinedLoadMetricSpecification": One<Predefined>;
        predefined_metric_pair_specification = "PredefinedMetricPairSpecification": One<Predefined>;
        predefined_scaling_metric_specification = "PredefinedScalingMetricSpecification": One<Predefined>;
    }
}
document! {
    /// The configuration.
    pub Predictive {
        max_capacity_breach_behavior = "MaxCapacityBreachBehavior": Text;
        max_capacity_buffer = "MaxCapacityBuffer": Int;
        mode = "Mode": Text [.optional_computed()];
        scheduling_buffer_time = "SchedulingBufferTime": Int [.optional_computed()];
        metric_specification = "MetricSpecifications": Many<Specification> [.count(1, None)];
    }
}
