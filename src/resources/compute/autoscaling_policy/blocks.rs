//! The blocks of a policy, in EC2 Auto Scaling's members.

use crate::resources::block::RealText;
use crate::resources::document::{Many, One, Sole, Unordered, document};
use crate::resources::prelude::*;

document! {
    Dimension {
        name = "Name": Text [.required()];
        value = "Value": Text [.required()];
    }
}
document! {
    Metric {
        dimensions = "Dimensions.member": Unordered<Dimension>;
        metric_name = "MetricName": Text [.required()];
        namespace = "Namespace": Text [.required()];
    }
}
document! {
    Stat {
        metric = "Metric": One<Metric> [.count(1, Some(1))];
        stat = "Stat": Text [.required()];
        unit = "Unit": Text;
    }
}
document! {
    Query {
        expression = "Expression": Text;
        id = "Id": Text [.required()];
        label = "Label": Text;
        metric_stat = "MetricStat": One<Stat>;
        return_data = "ReturnData": Flag [.default(true)];
    }
}
document! {
    /// One of the specifications of a metric that is computed from others.
    Computed {
        metric_data_queries = "MetricDataQueries.member": Many<Query> [.count(1, Some(10))];
    }
}
document! {
    Specification {
        customized_capacity_metric_specification = "CustomizedCapacityMetricSpecification": One<Computed>;
        customized_load_metric_specification = "CustomizedLoadMetricSpecification": One<Computed>;
        customized_scaling_metric_specification = "CustomizedScalingMetricSpecification": One<Computed>;
        predefined_load_metric_specification = "PredefinedLoadMetricSpecification": One<Predefined>;
        predefined_metric_pair_specification = "PredefinedMetricPairSpecification": One<Predefined>;
        predefined_scaling_metric_specification = "PredefinedScalingMetricSpecification": One<Predefined>;
        target_value = "TargetValue": Real [.required()];
    }
}
document! {
    /// `predictive_scaling_configuration`; EC2 Auto Scaling takes one specification, in a list.
    pub Predictive {
        max_capacity_breach_behavior = "MaxCapacityBreachBehavior": Text [.default("HonorMaxCapacity")];
        max_capacity_buffer = "MaxCapacityBuffer": IntText;
        metric_specification = "MetricSpecifications.member": Sole<Specification> [.count(1, Some(1))];
        mode = "Mode": Text [.default("ForecastOnly")];
        scheduling_buffer_time = "SchedulingBufferTime": IntText [.stays()];
    }
}
document! {
    /// `step_adjustment`.
    pub Step {
        metric_interval_lower_bound = "MetricIntervalLowerBound": RealText;
        metric_interval_upper_bound = "MetricIntervalUpperBound": RealText;
        scaling_adjustment = "ScalingAdjustment": Int [.required()];
    }
}
document! {
    TrackedStat {
        metric = "Metric": One<Metric> [.count(1, Some(1))];
        period = "Period": Int [.stays()];
        stat = "Stat": Text [.required()];
        unit = "Unit": Text;
    }
}
document! {
    TrackedQuery {
        expression = "Expression": Text;
        id = "Id": Text [.required()];
        label = "Label": Text;
        metric_stat = "MetricStat": One<TrackedStat>;
        return_data = "ReturnData": Flag [.default(true)];
    }
}
document! {
    Customized {
        metric_dimension = "Dimensions.member": Many<Dimension>;
        metric_name = "MetricName": Text;
        metrics = "Metrics.member": Unordered<TrackedQuery>;
        namespace = "Namespace": Text;
        period = "Period": Int [.stays()];
        statistic = "Statistic": Text;
        unit = "Unit": Text;
    }
}
document! {
    Predefined {
        predefined_metric_type = "PredefinedMetricType": Text [.required()];
        resource_label = "ResourceLabel": Text;
    }
}
document! {
    /// `target_tracking_configuration`.
    pub Tracking {
        customized_metric_specification = "CustomizedMetricSpecification": One<Customized>;
        disable_scale_in = "DisableScaleIn": Flag [.default(false)];
        predefined_metric_specification = "PredefinedMetricSpecification": One<Predefined>;
        target_value = "TargetValue": Real [.required()];
    }
}
