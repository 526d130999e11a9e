output "address" {
  description = "The server's address"
  value       = aws_eip.server.public_ip
}

output "database_secret_arn" {
  description = "Secret that holds the password of the database"
  value       = module.database.secret_arn
}
