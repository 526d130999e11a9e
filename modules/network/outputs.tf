output "vpc_id" {
  description = "The VPC"
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "The VPC's IPv4 range"
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Public subnets by zone"
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "private_subnet_ids" {
  description = "Private subnets by zone"
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

output "data_subnet_ids" {
  description = "Data subnets by zone"
  value       = { for zone, subnet in aws_subnet.data : zone => subnet.id }
}

output "private_route_table_ids" {
  description = "Route tables of the private subnets by zone"
  value       = { for zone, table in aws_route_table.private : zone => table.id }
}

output "data_route_table_ids" {
  description = "The route table of the data subnets, by the name data; empty where there are none"
  value       = { for table in aws_route_table.data : "data" => table.id }
}

output "nat_public_ips" {
  description = "Addresses that traffic from private subnets comes from, by zone of the gateway"
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}

output "nat_gateway_ids" {
  description = "NAT gateways by zone"
  value       = { for zone, gateway in aws_nat_gateway.this : zone => gateway.id }
}

output "flow_log_group" {
  description = "The log group that flow logs go to; null when they go elsewhere"
  value       = one(aws_cloudwatch_log_group.flow_logs[*].name)
}

output "default_security_group_id" {
  description = "The group that everything gets by default; it lets nothing through"
  value       = aws_default_security_group.locked.id
}
