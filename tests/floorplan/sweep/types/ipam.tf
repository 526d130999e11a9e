resource "aws_ebs_volume" "base" {
  availability_zone = "eu-west-1a"
  size              = 10
}

# swept
resource "aws_vpc_ipam" "it" {
  description = "one" # 1
  description = "two" # 2
  operating_regions {
    region_name = "eu-west-1"
  }
  tags = { Name = "it" }
}
resource "aws_vpc_ipam_scope" "it" {
  ipam_id     = aws_vpc_ipam.it.id
  description = "one" # 1
  description = "two" # 2
}
resource "aws_vpc_ipam_pool" "it" {
  ipam_scope_id                     = aws_vpc_ipam_scope.it.id
  address_family                    = "ipv4"
  allocation_default_netmask_length = 24 # 1
  allocation_default_netmask_length = 26 # 2
  tags                              = { Name = "it" }
}
resource "aws_vpc_ipam_pool_cidr" "it" {
  ipam_pool_id = aws_vpc_ipam_pool.it.id
  cidr         = "10.0.0.0/8"
}
resource "aws_ebs_snapshot" "it" {
  volume_id = aws_ebs_volume.base.id
  tags      = { Name = "one" } # 1
  tags      = { Name = "two" } # 2
}
