resource "aws_iam_role" "base" {
  name               = "base"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_sqs_queue" "base" {
  name = "base"
}
resource "aws_lambda_function" "base" {
  function_name = "base"
  role          = aws_iam_role.base.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/base:1"
}
resource "aws_cloudwatch_event_rule" "base" {
  name                = "base"
  schedule_expression = "rate(1 hour)"
}
resource "aws_appautoscaling_target" "base" {
  service_namespace  = "dynamodb"
  resource_id        = "table/base"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 1
  max_capacity       = 4
}
resource "aws_vpc" "base" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "base" {
  vpc_id     = aws_vpc.base.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_ram_resource_share" "base" {
  name = "base"
}

# swept
resource "aws_lambda_function" "it" {
  function_name = "it"
  role          = aws_iam_role.base.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/it:1"
  timeout       = 3 # 1
  timeout       = 9 # 2
  tags          = { Name = "it" }
}
resource "aws_lambda_alias" "it" {
  name             = "it"
  function_name    = aws_lambda_function.base.function_name
  function_version = "$LATEST"
  description      = "one" # 1
  description      = "two" # 2
}
resource "aws_lambda_permission" "it" {
  statement_id  = "it"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.base.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.base.arn
}
resource "aws_lambda_event_source_mapping" "it" {
  function_name    = aws_lambda_function.base.arn
  event_source_arn = aws_sqs_queue.base.arn
  batch_size       = 5 # 1
  batch_size       = 7 # 2
  tags             = { Name = "it" }
}
resource "aws_cloudwatch_event_rule" "it" {
  name                = "it"
  schedule_expression = "rate(5 minutes)" # 1
  schedule_expression = "rate(9 minutes)" # 2
  tags                = { Name = "it" }
}
resource "aws_cloudwatch_event_target" "it" {
  rule      = aws_cloudwatch_event_rule.base.name
  target_id = "it"
  arn       = aws_lambda_function.base.arn
  input     = jsonencode({ n = 1 }) # 1
  input     = jsonencode({ n = 2 }) # 2
}
resource "aws_appautoscaling_target" "it" {
  service_namespace  = "dynamodb"
  resource_id        = "table/it"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  min_capacity       = 1
  max_capacity       = 4 # 1
  max_capacity       = 8 # 2
}
resource "aws_appautoscaling_policy" "it" {
  name               = "it"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.base.service_namespace
  resource_id        = aws_appautoscaling_target.base.resource_id
  scalable_dimension = aws_appautoscaling_target.base.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value = 70 # 1
    target_value = 50 # 2
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}
resource "aws_ram_resource_share" "it" {
  name = "it" # 1
  name = "he" # 2
  tags = { Name = "it" }
}
resource "aws_ram_principal_association" "it" {
  resource_share_arn = aws_ram_resource_share.base.arn
  principal          = "123456789012"
}
resource "aws_ram_resource_association" "it" {
  resource_share_arn = aws_ram_resource_share.base.arn
  resource_arn       = aws_subnet.base.arn
}
resource "aws_guardduty_detector" "it" {
  finding_publishing_frequency = "ONE_HOUR"  # 1
  finding_publishing_frequency = "SIX_HOURS" # 2
  tags                         = { Name = "it" }
}
