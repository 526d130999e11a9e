resource "aws_s3_bucket" "base" {
  for_each = toset(["one", "two"])
  bucket   = "config-${each.key}"
}
resource "aws_iam_role" "base" {
  for_each           = toset(["one", "two"])
  name               = "config-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "config.amazonaws.com" } }] })
}

# swept
resource "aws_config_configuration_recorder" "it" {
  role_arn = aws_iam_role.base["one"].arn # 1
  role_arn = aws_iam_role.base["two"].arn # 2
  recording_group { # 2
    all_supported  = false # 2
    resource_types = ["AWS::EC2::VPC"] # 2
  } # 2
  recording_mode { # 2
    recording_frequency = "DAILY" # 2
    recording_mode_override { # 2
      resource_types      = ["AWS::EC2::VPC"] # 2
      recording_frequency = "CONTINUOUS" # 2
    } # 2
  } # 2
}
resource "aws_config_delivery_channel" "it" {
  name           = "it"
  s3_bucket_name = aws_s3_bucket.base["one"].bucket # 1
  s3_bucket_name = aws_s3_bucket.base["two"].bucket # 2
  snapshot_delivery_properties {
    delivery_frequency = "Six_Hours"
  }
}
resource "aws_config_configuration_recorder_status" "it" {
  name       = aws_config_configuration_recorder.it.name
  is_enabled = true  # 1
  is_enabled = false # 2
}
resource "aws_config_config_rule" "it" {
  name        = "it"
  description = "one" # 1
  description = "two" # 2
  source {
    owner             = "AWS"
    source_identifier = "EIP_ATTACHED"
  }
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_config_config_rule" "text" {
  name = "text"
  source {
    owner = "CUSTOM_POLICY"
    source_detail {
      message_type = "ConfigurationItemChangeNotification"
    }
    custom_policy_details {
      policy_runtime = "guard-2.x.x"
      policy_text    = "rule one when a exists { b }" # 1
      policy_text    = "rule two when a exists { b }" # 2
    }
  }
}
resource "aws_cloudtrail" "it" {
  name           = "sweep"
  s3_bucket_name = aws_s3_bucket.base["one"].bucket # 1
  s3_bucket_name = aws_s3_bucket.base["two"].bucket # 2
  enable_logging = false # 2
  event_selector {
    read_write_type = "ReadOnly" # 1
    data_resource { # 2
      type   = "AWS::S3::Object" # 2
      values = ["arn:aws:s3"] # 2
    } # 2
  }
  insight_selector { # 1
    insight_type = "ApiCallRateInsight" # 1
  } # 1
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
