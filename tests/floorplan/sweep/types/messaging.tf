resource "aws_sqs_queue" "base" {
  name = "base"
}

# swept
resource "aws_sqs_queue" "it" {
  name                       = "it"
  visibility_timeout_seconds = 30 # 1
  visibility_timeout_seconds = 60 # 2
  tags                       = { Name = "it" }
}
resource "aws_sqs_queue_policy" "it" {
  queue_url = aws_sqs_queue.base.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = aws_sqs_queue.base.arn }] })    # 1
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.base.arn }] }) # 2
}
