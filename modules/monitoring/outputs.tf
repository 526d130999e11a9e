output "topic_arn" {
  description = "The topic that all alarms go to"
  value       = aws_sns_topic.alarms.arn
}

output "alarm_names" {
  description = "All alarms, sorted"
  value       = sort(concat([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name], [for alarm in aws_cloudwatch_metric_alarm.errors : alarm.alarm_name]))
}
