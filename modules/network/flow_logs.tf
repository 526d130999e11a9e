locals {
  to_cloudwatch = var.flow_logs == "cloudwatch" ? 1 : 0
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  count             = local.to_cloudwatch
  name              = "/vpc/${var.name}/flow-logs"
  retention_in_days = var.flow_logs_retention
  tags              = var.tags
}

data "aws_iam_policy_document" "flow_logs_trust" {
  count = local.to_cloudwatch
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
  }
}

# The role may write into that one log group and nowhere else.
data "aws_iam_policy_document" "flow_logs_write" {
  count = local.to_cloudwatch
  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.flow_logs[0].arn}:*"]
  }
  statement {
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "flow_logs" {
  count              = local.to_cloudwatch
  name_prefix        = "${var.name}-flow-"
  assume_role_policy = data.aws_iam_policy_document.flow_logs_trust[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "flow_logs" {
  count  = local.to_cloudwatch
  name   = "write"
  role   = aws_iam_role.flow_logs[0].name
  policy = data.aws_iam_policy_document.flow_logs_write[0].json
}

resource "aws_flow_log" "cloudwatch" {
  count           = local.to_cloudwatch
  vpc_id          = aws_vpc.this.id
  traffic_type    = var.flow_logs_traffic
  iam_role_arn    = aws_iam_role.flow_logs[0].arn
  log_destination = aws_cloudwatch_log_group.flow_logs[0].arn
  tags            = merge(var.tags, { Name = var.name })
  depends_on      = [aws_iam_role_policy.flow_logs]
}

resource "aws_flow_log" "s3" {
  count                = var.flow_logs == "s3" ? 1 : 0
  vpc_id               = aws_vpc.this.id
  traffic_type         = var.flow_logs_traffic
  log_destination_type = "s3"
  log_destination      = var.flow_logs_bucket_arn
  tags                 = merge(var.tags, { Name = var.name })

  destination_options {
    file_format        = "parquet"
    per_hour_partition = true
  }

  lifecycle {
    precondition {
      condition     = var.flow_logs_bucket_arn != null
      error_message = "Flow logs that go to S3 need flow_logs_bucket_arn."
    }
  }
}
