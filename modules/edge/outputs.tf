output "web_acl_arn" {
  description = "The web ACL, for what names it itself, such as a distribution"
  value       = aws_wafv2_web_acl.this.arn
}

output "capacity" {
  description = "What the rules cost, in web ACL capacity units; above 1,500 AWS charges for requests"
  value       = aws_wafv2_web_acl.this.capacity
}

output "ip_set_arns" {
  description = "Address lists by name, such as block-ipv4"
  value       = { for name, set in aws_wafv2_ip_set.list : name => set.arn }
}

output "log_group_arn" {
  description = "Where requests are reported; null for nowhere"
  value       = var.logs == "none" ? null : local.log_group
}

output "shield_protection_ids" {
  description = "Protections by name"
  value       = { for name, protection in aws_shield_protection.this : name => protection.id }
}
