output "vpc_id" {
  description = "The VPC"
  value       = module.network.vpc_id
}

output "subnet_ids" {
  description = "Subnets by tier and zone"
  value = {
    public  = module.network.public_subnet_ids
    private = module.network.private_subnet_ids
    data    = module.network.data_subnet_ids
  }
}

output "security_group_ids" {
  description = "Security groups by tier"
  value       = { for tier, group in aws_security_group.tier : tier => group.id }
}

output "nat_public_ips" {
  description = "Addresses that the client's partners see"
  value       = module.network.nat_public_ips
}
