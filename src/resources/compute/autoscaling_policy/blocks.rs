//! The blocks of a policy, in EC2 Auto Scaling's types.

use crate::resources::block::{
    BlockList, BlockSet, EnumCell, Flag, Int, IntText, OptionalBlock, Real, RealText, SingleBlock, Text, block,
};
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
        name: Text, name, set_name [.required()];
        value: Text, value, set_value [.required()];
    }
    /// `metric`.
    Metric: MetricType => MetricType {
        dimensions: BlockSet<Dimension>, dimensions, set_dimensions;
        metric_name: Text, metric_name, set_metric_name [.required()];
        namespace: Text, namespace, set_namespace [.required()];
    }
    /// `metric_stat` of a predictive policy.
    Stat: MetricStat => MetricStat {
        metric: OptionalBlock<Metric>, metric, set_metric [.count(1, Some(1))];
        stat: Text, stat, set_stat [.required()];
        unit: Text, unit, set_unit;
    }
    /// `metric_data_queries`.
    Query: MetricDataQuery => MetricDataQuery {
        expression: Text, expression, set_expression;
        id: Text, id, set_id [.required()];
        label: Text, label, set_label;
        metric_stat: OptionalBlock<Stat>, metric_stat, set_metric_stat;
        return_data: Flag, return_data, set_return_data [.default(true)];
    }
    /// `customized_capacity_metric_specification`.
    CapacityMetric: PredictiveScalingCustomizedCapacityMetric => PredictiveScalingCustomizedCapacityMetric {
        metric_data_queries: BlockList<Query>, metric_data_queries, set_metric_data_queries [.count(1, Some(10))];
    }
    /// `customized_load_metric_specification`.
    LoadMetric: PredictiveScalingCustomizedLoadMetric => PredictiveScalingCustomizedLoadMetric {
        metric_data_queries: BlockList<Query>, metric_data_queries, set_metric_data_queries [.count(1, Some(10))];
    }
    /// `customized_scaling_metric_specification`.
    ScalingMetric: PredictiveScalingCustomizedScalingMetric => PredictiveScalingCustomizedScalingMetric {
        metric_data_queries: BlockList<Query>, metric_data_queries, set_metric_data_queries [.count(1, Some(10))];
    }
    /// `predefined_load_metric_specification`.
    KnownLoad: PredictiveScalingPredefinedLoadMetric => PredictiveScalingPredefinedLoadMetric {
        predefined_metric_type: EnumCell, predefined_metric_type, set_predefined_metric_type [.required()];
        resource_label: Text, resource_label, set_resource_label;
    }
    /// `predefined_metric_pair_specification`.
    KnownPair: PredictiveScalingPredefinedMetricPair => PredictiveScalingPredefinedMetricPair {
        predefined_metric_type: EnumCell, predefined_metric_type, set_predefined_metric_type [.required()];
        resource_label: Text, resource_label, set_resource_label;
    }
    /// `predefined_scaling_metric_specification`.
    KnownScaling: PredictiveScalingPredefinedScalingMetric => PredictiveScalingPredefinedScalingMetric {
        predefined_metric_type: EnumCell, predefined_metric_type, set_predefined_metric_type [.required()];
        resource_label: Text, resource_label, set_resource_label;
    }
    /// `metric_specification`.
    Specification: PredictiveScalingMetricSpecification => PredictiveScalingMetricSpecification {
        customized_capacity_metric_specification: OptionalBlock<CapacityMetric>, customized_capacity_metric_specification,
            set_customized_capacity_metric_specification;
        customized_load_metric_specification: OptionalBlock<LoadMetric>, customized_load_metric_specification,
            set_customized_load_metric_specification;
        customized_scaling_metric_specification: OptionalBlock<ScalingMetric>, customized_scaling_metric_specification,
            set_customized_scaling_metric_specification;
        predefined_load_metric_specification: OptionalBlock<KnownLoad>, predefined_load_metric_specification,
            set_predefined_load_metric_specification;
        predefined_metric_pair_specification: OptionalBlock<KnownPair>, predefined_metric_pair_specification,
            set_predefined_metric_pair_specification;
        predefined_scaling_metric_specification: OptionalBlock<KnownScaling>, predefined_scaling_metric_specification,
            set_predefined_scaling_metric_specification;
        target_value: Real, target_value, set_target_value [.required()];
    }
    /// `predictive_scaling_configuration`; EC2 Auto Scaling takes one specification, in a list.
    Predictive: PredictiveScalingConfiguration => PredictiveScalingConfiguration {
        max_capacity_breach_behavior: EnumCell, max_capacity_breach_behavior, set_max_capacity_breach_behavior
            [.default("HonorMaxCapacity")];
        max_capacity_buffer: IntText, max_capacity_buffer, set_max_capacity_buffer;
        metric_specification: SingleBlock<Specification>, metric_specifications, set_metric_specifications [.count(1, Some(1))];
        mode: EnumCell, mode, set_mode [.default("ForecastOnly")];
        scheduling_buffer_time: IntText, scheduling_buffer_time, set_scheduling_buffer_time [.optional_computed()];
    }
    /// `step_adjustment`.
    Step: StepAdjustment => StepAdjustment {
        metric_interval_lower_bound: RealText, metric_interval_lower_bound, set_metric_interval_lower_bound;
        metric_interval_upper_bound: RealText, metric_interval_upper_bound, set_metric_interval_upper_bound;
        scaling_adjustment: Int, scaling_adjustment, set_scaling_adjustment [.required()];
    }
    /// `metrics.metric_stat` of a target tracking policy.
    TrackedStat: TargetTrackingMetricStat => TargetTrackingMetricStat {
        metric: OptionalBlock<Metric>, metric, set_metric [.count(1, Some(1))];
        period: Int, period, set_period [.optional_computed()];
        stat: Text, stat, set_stat [.required()];
        unit: Text, unit, set_unit;
    }
    /// `metrics` of a target tracking policy.
    TrackedQuery: TargetTrackingMetricDataQuery => TargetTrackingMetricDataQuery {
        expression: Text, expression, set_expression;
        id: Text, id, set_id [.required()];
        label: Text, label, set_label;
        metric_stat: OptionalBlock<TrackedStat>, metric_stat, set_metric_stat;
        return_data: Flag, return_data, set_return_data [.default(true)];
    }
    /// `customized_metric_specification`.
    Customized: CustomizedMetricSpecification => CustomizedMetricSpecification {
        metric_dimension: BlockSet<Dimension>, dimensions, set_dimensions;
        metric_name: Text, metric_name, set_metric_name;
        metrics: BlockList<TrackedQuery>, metrics, set_metrics;
        namespace: Text, namespace, set_namespace;
        period: Int, period, set_period [.optional_computed()];
        statistic: EnumCell, statistic, set_statistic;
        unit: Text, unit, set_unit;
    }
    /// `predefined_metric_specification`.
    Predefined: PredefinedMetricSpecification => PredefinedMetricSpecification {
        predefined_metric_type: EnumCell, predefined_metric_type, set_predefined_metric_type [.required()];
        resource_label: Text, resource_label, set_resource_label;
    }
    /// `target_tracking_configuration`.
    Tracking: TargetTrackingConfiguration => TargetTrackingConfiguration {
        customized_metric_specification: OptionalBlock<Customized>, customized_metric_specification, set_customized_metric_specification;
        disable_scale_in: Flag, disable_scale_in, set_disable_scale_in [.default(false)];
        predefined_metric_specification: OptionalBlock<Predefined>, predefined_metric_specification, set_predefined_metric_specification;
        target_value: Real, target_value, set_target_value [.required()];
    }
}
