//! The blocks of a policy, in EC2 Auto Scaling's types.

use crate::resources::block::{RealText, SingleBlock};
use crate::resources::prelude::*;
use aws_sdk_autoscaling::types::{
    CustomizedMetricSpecification, Metric as MetricType, MetricDataQuery, MetricDimension, MetricStat,
    PredefinedMetricSpecification, PredictiveScalingConfiguration, PredictiveScalingCustomizedCapacityMetric,
    PredictiveScalingCustomizedLoadMetric, PredictiveScalingCustomizedScalingMetric,
    PredictiveScalingMetricSpecification, PredictiveScalingPredefinedLoadMetric, PredictiveScalingPredefinedMetricPair,
    PredictiveScalingPredefinedScalingMetric, StepAdjustment, TargetTrackingConfiguration,
    TargetTrackingMetricDataQuery, TargetTrackingMetricStat,
};

block! {
    /// A dimension of a metric.
    Dimension: MetricDimension => MetricDimension {
        name: Text [.required()];
        value: Text [.required()];
    }
    /// `metric`.
    Metric: MetricType => MetricType {
        dimensions: BlockSet<Dimension>;
        metric_name: Text [.required()];
        namespace: Text [.required()];
    }
    /// `metric_stat` of a predictive policy.
    Stat: MetricStat => MetricStat {
        metric: OptionalBlock<Metric> [.count(1, Some(1))];
        stat: Text [.required()];
        unit: Text;
    }
    /// `metric_data_queries`.
    Query: MetricDataQuery => MetricDataQuery {
        expression: Text;
        id: Text [.required()];
        label: Text;
        metric_stat: OptionalBlock<Stat>;
        return_data: Flag [.default(true)];
    }
    /// `customized_capacity_metric_specification`.
    CapacityMetric: PredictiveScalingCustomizedCapacityMetric => PredictiveScalingCustomizedCapacityMetric {
        metric_data_queries: BlockList<Query> [.count(1, Some(10))];
    }
    /// `customized_load_metric_specification`.
    LoadMetric: PredictiveScalingCustomizedLoadMetric => PredictiveScalingCustomizedLoadMetric {
        metric_data_queries: BlockList<Query> [.count(1, Some(10))];
    }
    /// `customized_scaling_metric_specification`.
    ScalingMetric: PredictiveScalingCustomizedScalingMetric => PredictiveScalingCustomizedScalingMetric {
        metric_data_queries: BlockList<Query> [.count(1, Some(10))];
    }
    /// `predefined_load_metric_specification`.
    KnownLoad: PredictiveScalingPredefinedLoadMetric => PredictiveScalingPredefinedLoadMetric {
        predefined_metric_type: EnumCell [.required()];
        resource_label: Text;
    }
    /// `predefined_metric_pair_specification`.
    KnownPair: PredictiveScalingPredefinedMetricPair => PredictiveScalingPredefinedMetricPair {
        predefined_metric_type: EnumCell [.required()];
        resource_label: Text;
    }
    /// `predefined_scaling_metric_specification`.
    KnownScaling: PredictiveScalingPredefinedScalingMetric => PredictiveScalingPredefinedScalingMetric {
        predefined_metric_type: EnumCell [.required()];
        resource_label: Text;
    }
    /// `metric_specification`.
    Specification: PredictiveScalingMetricSpecification => PredictiveScalingMetricSpecification {
        customized_capacity_metric_specification: OptionalBlock<CapacityMetric>;
        customized_load_metric_specification: OptionalBlock<LoadMetric>;
        customized_scaling_metric_specification: OptionalBlock<ScalingMetric>;
        predefined_load_metric_specification: OptionalBlock<KnownLoad>;
        predefined_metric_pair_specification: OptionalBlock<KnownPair>;
        predefined_scaling_metric_specification: OptionalBlock<KnownScaling>;
        target_value: Real [.required()];
    }
    /// `predictive_scaling_configuration`; EC2 Auto Scaling takes one specification, in a list.
    Predictive: PredictiveScalingConfiguration => PredictiveScalingConfiguration {
        max_capacity_breach_behavior: EnumCell [.default("HonorMaxCapacity")];
        max_capacity_buffer: IntText;
        metric_specification = metric_specifications: SingleBlock<Specification> [.count(1, Some(1))];
        mode: EnumCell [.default("ForecastOnly")];
        scheduling_buffer_time: IntText [.stays()];
    }
    /// `step_adjustment`.
    Step: StepAdjustment => StepAdjustment {
        metric_interval_lower_bound: RealText;
        metric_interval_upper_bound: RealText;
        scaling_adjustment: Int [.required()];
    }
    /// `metrics.metric_stat` of a target tracking policy.
    TrackedStat: TargetTrackingMetricStat => TargetTrackingMetricStat {
        metric: OptionalBlock<Metric> [.count(1, Some(1))];
        period: Int [.stays()];
        stat: Text [.required()];
        unit: Text;
    }
    /// `metrics` of a target tracking policy.
    TrackedQuery: TargetTrackingMetricDataQuery => TargetTrackingMetricDataQuery {
        expression: Text;
        id: Text [.required()];
        label: Text;
        metric_stat: OptionalBlock<TrackedStat>;
        return_data: Flag [.default(true)];
    }
    /// `customized_metric_specification`.
    Customized: CustomizedMetricSpecification => CustomizedMetricSpecification {
        metric_dimension = dimensions: BlockList<Dimension>;
        metric_name: Text;
        metrics: BlockSet<TrackedQuery>;
        namespace: Text;
        period: Int [.stays()];
        statistic: EnumCell;
        unit: Text;
    }
    /// `predefined_metric_specification`.
    Predefined: PredefinedMetricSpecification => PredefinedMetricSpecification {
        predefined_metric_type: EnumCell [.required()];
        resource_label: Text;
    }
    /// `target_tracking_configuration`.
    Tracking: TargetTrackingConfiguration => TargetTrackingConfiguration {
        customized_metric_specification: OptionalBlock<Customized>;
        disable_scale_in: Flag [.default(false)];
        predefined_metric_specification: OptionalBlock<Predefined>;
        target_value: Real [.required()];
    }
}
