output "vpc_id" {
  value = aws_vpc.main.id
}

output "subnet_ids" {
  value = module.subnets.ids
}

output "nat_ip" {
  value = one(aws_eip.nat[*].public_ip)
}

output "summary" {
  value = <<-EOT
    %{for name, group in aws_security_group.service~}
    ${name}: ${group.name}
    %{endfor~}
  EOT
}
