output "vpc_id" {
  value = try(aws_vpc.this[0].id, null)
}

output "public_subnets" {
  value = aws_subnet.public[*].id
}

output "private_subnets" {
  value = aws_subnet.private.*.id
}

output "database_subnet_group" {
  value = try(aws_db_subnet_group.database[0].name, null)
}

output "vgw_id" {
  value = try(aws_vpn_gateway.this[0].id, null)
}

output "private_route_table_ids" {
  value = aws_route_table.private[*].id
}

output "nat_public_ips" {
  value = aws_eip.nat[*].public_ip
}
