output "identifier" {
  description = "The instance's identifier"
  value       = aws_db_instance.this.identifier
}

output "address" {
  description = "Host name that clients connect to"
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port that clients connect to"
  value       = aws_db_instance.this.port
}

output "secret_arn" {
  description = "Secret that holds the master user's password"
  value       = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

output "security_group_id" {
  description = "The database's security group"
  value       = aws_security_group.this.id
}
