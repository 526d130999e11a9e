output "launch_template_id" {
  description = "The template"
  value       = aws_launch_template.this.id
}

output "launch_template_version" {
  description = "Its latest version, for a scaling group that follows it"
  value       = aws_launch_template.this.latest_version
}

output "instance_id" {
  description = "The single server, if there is one"
  value       = one(aws_instance.this[*].id)
}

output "private_ip" {
  description = "Address of the single server"
  value       = one(aws_instance.this[*].private_ip)
}

output "user_data" {
  description = "The user data, for cloud-init"
  value       = module.baseline.user_data
}
