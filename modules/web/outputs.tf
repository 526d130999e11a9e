output "balancer_arn" {
  description = "The balancer, for a WAF association"
  value       = aws_lb.this.arn
}

output "balancer_arn_suffix" {
  description = "The balancer as metrics name it"
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "Where clients find the service"
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone of dns_name, for an alias record"
  value       = aws_lb.this.zone_id
}

output "https_listener_arn" {
  description = "The listener for HTTPS, for further rules and certificates"
  value       = aws_lb_listener.https.arn
}

output "target_group_arn" {
  description = "The members' target group"
  value       = aws_lb_target_group.this.arn
}

output "target_group_arn_suffix" {
  description = "The target group as metrics name it"
  value       = aws_lb_target_group.this.arn_suffix
}

output "balancer_security_group_id" {
  description = "Security group of the balancer"
  value       = aws_security_group.balancer.id
}

output "member_security_group_id" {
  description = "Security group of the members, for rules about what they may reach"
  value       = aws_security_group.member.id
}

output "member_ids" {
  description = "Instances by zone and number"
  value       = { for name, member in aws_instance.member : name => member.id }
}

output "scaling_group_name" {
  description = "The scaling group, if members are one"
  value       = one(aws_autoscaling_group.member[*].name)
}
