resource "aws_s3_bucket" "base" {
  bucket = "base-bucket"
}
resource "aws_sns_topic" "base" {
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
      sse_algorithm = "AES256"  # 1
      sse_algorithm = "aws:kms" # 2
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
