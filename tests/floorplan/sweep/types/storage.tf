resource "aws_s3_bucket" "base" {
  bucket = "base-bucket"
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs-bucket"
}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
resource "aws_s3_bucket" "locked" {
  bucket              = "locked-bucket"
  object_lock_enabled = true
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_cloudwatch_log_group" "base" {
  name = "base"
}

# swept
resource "aws_s3_bucket" "it" {
  bucket = "it-bucket"
  tags   = { Name = "one" } # 1
  tags   = { Name = "two" } # 2
}
resource "aws_s3_bucket_versioning" "it" {
  bucket = aws_s3_bucket.base.id
  versioning_configuration {
    status = "Enabled"   # 1
    status = "Suspended" # 2
  }
}
resource "aws_s3_bucket_public_access_block" "it" {
  bucket              = aws_s3_bucket.base.id
  block_public_acls   = true
  block_public_policy = false # 1
  block_public_policy = true  # 2
}
resource "aws_s3_bucket_ownership_controls" "it" {
  bucket = aws_s3_bucket.base.id
  rule {
    object_ownership = "BucketOwnerPreferred" # 1
    object_ownership = "BucketOwnerEnforced"  # 2
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms" # 1
      sse_algorithm = "AES256"  # 2
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  rule {
    id     = "old"
    status = "Enabled"
    filter {}
    expiration {
      days = 30 # 1
      days = 60 # 2
    }
  }
}
resource "aws_s3_bucket_policy" "it" {
  bucket = aws_s3_bucket.it.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.it.arn}/*" }] }) # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.it.arn}/*" }] }) # 2
}
resource "aws_cloudwatch_log_group" "it" {
  name              = "it"
  retention_in_days = 7  # 1
  retention_in_days = 30 # 2
  tags              = { Name = "it" }
}
resource "aws_sns_topic" "it" {
  name         = "it"
  display_name = "one" # 1
  display_name = "two" # 2
  tags         = { Name = "it" }
}
resource "aws_sns_topic_policy" "it" {
  arn    = aws_sns_topic.base.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.base.arn }] })     # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "cloudwatch.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.base.arn }] }) # 2
}
resource "aws_sns_topic_subscription" "it" {
  topic_arn            = aws_sns_topic.base.arn
  protocol             = "sqs"
  endpoint             = "arn:aws:sqs:eu-west-1:123456789012:queue"
  raw_message_delivery = false # 1
  raw_message_delivery = true  # 2
}
resource "aws_cloudwatch_metric_alarm" "it" {
  alarm_name          = "it"
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 60
  threshold           = 70 # 1
  threshold           = 80 # 2
  tags                = { Name = "it" }
}
resource "aws_s3_bucket_acl" "it" {
  bucket = aws_s3_bucket.base.id
  acl    = "private"            # 1
  acl    = "log-delivery-write" # 2
}
resource "aws_s3_bucket_logging" "it" {
  bucket        = aws_s3_bucket.it.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "one/" # 1
  target_prefix = "two/" # 2
}
resource "aws_s3_bucket_website_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  index_document {
    suffix = "index.html" # 1
    suffix = "main.html"  # 2
  }
  routing_rule {
    condition {
      key_prefix_equals = "docs/"
    }
    redirect {
      replace_key_prefix_with = "documents/"
    }
  }
}
resource "aws_s3_bucket_cors_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://one.example.com"] # 1
    allowed_origins = ["https://two.example.com"] # 2
  }
}
resource "aws_s3_bucket_object_lock_configuration" "it" {
  bucket = aws_s3_bucket.locked.id
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 3 # 1
      days = 5 # 2
    }
  }
}
resource "aws_s3_bucket_replication_configuration" "it" {
  bucket = aws_s3_bucket.locked.id
  role   = "arn:aws:iam::123456789012:role/copies"
  rule {
    id     = "all"
    status = "Enabled"  # 1
    status = "Disabled" # 2
    filter {}
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket = "arn:aws:s3:::copies"
    }
  }
}
resource "aws_s3_bucket_notification" "it" {
  bucket      = aws_s3_bucket.base.id
  eventbridge = false # 1
  eventbridge = true  # 2
  topic {
    id        = "made"
    topic_arn = aws_sns_topic.base.arn
    events    = ["s3:ObjectCreated:*"]
  }
}
resource "aws_s3_bucket_accelerate_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  status = "Enabled"   # 1
  status = "Suspended" # 2
}
resource "aws_s3_bucket_request_payment_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  payer  = "Requester"   # 1
  payer  = "BucketOwner" # 2
}
resource "aws_s3_bucket_metric" "it" {
  bucket = aws_s3_bucket.base.id
  name   = "it"
  filter {
    prefix = "one/" # 1
    prefix = "two/" # 2
  }
}
resource "aws_s3_bucket_intelligent_tiering_configuration" "it" {
  bucket = aws_s3_bucket.base.id
  name   = "it"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 90  # 1
    days        = 120 # 2
  }
}
resource "aws_s3_bucket_inventory" "it" {
  bucket                   = aws_s3_bucket.base.id
  name                     = "it"
  included_object_versions = "All"
  schedule {
    frequency = "Daily"  # 1
    frequency = "Weekly" # 2
  }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.it.arn
    }
  }
}
resource "aws_cloudwatch_log_stream" "it" {
  name           = "it"
  log_group_name = aws_cloudwatch_log_group.base.name
}
resource "aws_cloudwatch_log_metric_filter" "it" {
  name           = "it"
  log_group_name = aws_cloudwatch_log_group.base.name
  pattern        = "ERROR" # 1
  pattern        = "WARN"  # 2
  metric_transformation {
    name      = "Errors"
    namespace = "it"
    value     = "1"
  }
}
resource "aws_cloudwatch_log_subscription_filter" "it" {
  name            = "it"
  log_group_name  = aws_cloudwatch_log_group.base.name
  destination_arn = aws_cloudwatch_log_group.it.arn
  filter_pattern  = "ERROR" # 1
  filter_pattern  = "WARN"  # 2
}
resource "aws_cloudwatch_log_resource_policy" "it" {
  policy_name     = "it"
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "es.amazonaws.com" }, Action = "logs:PutLogEvents", Resource = "*" }] })    # 1
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "es.amazonaws.com" }, Action = "logs:CreateLogStream", Resource = "*" }] }) # 2
}
resource "aws_s3_object" "it" {
  bucket  = aws_s3_bucket.base.id
  key     = "it.txt"
  content = "one" # 1
  content = "two" # 2
}
