variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "cloudwatch_iam_role_arn" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  create_role = var.create && var.cloudwatch_iam_role_arn == null
}

data "aws_iam_policy_document" "trust" {
  count = local.create_role ? 1 : 0

  statement {
    sid     = "AWSVPCFlowLogsAssumeRole"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "writes" {
  count = local.create_role ? 1 : 0

  statement {
    effect    = "Allow"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.this[0].arn}:*"]
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create ? 1 : 0
  name              = "/aws/vpc-flow-log/${var.vpc_id}"
  retention_in_days = 7
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  count              = local.create_role ? 1 : 0
  name_prefix        = "vpc-flow-log-role-"
  assume_role_policy = data.aws_iam_policy_document.trust[0].json
  tags               = var.tags
}

resource "aws_iam_policy" "this" {
  count       = local.create_role ? 1 : 0
  name_prefix = "vpc-flow-log-to-cloudwatch-"
  policy      = data.aws_iam_policy_document.writes[0].json
  tags        = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = local.create_role ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.this[0].arn
}

resource "aws_flow_log" "this" {
  count                    = var.create ? 1 : 0
  log_destination_type     = "cloud-watch-logs"
  log_destination          = aws_cloudwatch_log_group.this[0].arn
  iam_role_arn             = local.create_role ? aws_iam_role.this[0].arn : var.cloudwatch_iam_role_arn
  traffic_type             = "ALL"
  vpc_id                   = var.vpc_id
  max_aggregation_interval = 600
  tags                     = merge(var.tags, { "Name" = var.name })
}
