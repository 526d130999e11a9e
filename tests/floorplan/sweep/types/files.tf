resource "aws_vpc" "base" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "base" {
  vpc_id     = aws_vpc.base.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_security_group" "base" {
  count  = 2
  name   = "base${count.index}"
  vpc_id = aws_vpc.base.id
}
resource "aws_efs_file_system" "base" {
  creation_token = "base"
}

# swept
resource "aws_efs_file_system" "it" {
  creation_token = "it"
  encrypted      = true
  lifecycle_policy {
    transition_to_ia = "AFTER_7_DAYS"  # 1
    transition_to_ia = "AFTER_14_DAYS" # 2
  }
  tags = { Name = "it" }
}
resource "aws_efs_mount_target" "it" {
  file_system_id  = aws_efs_file_system.base.id
  subnet_id       = aws_subnet.base.id
  security_groups = [aws_security_group.base[0].id] # 1
  security_groups = [aws_security_group.base[1].id] # 2
}
resource "aws_efs_access_point" "it" {
  file_system_id = aws_efs_file_system.base.id
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/it"
  }
  tags = { Name = "it" } # 1
  tags = { Name = "he" } # 2
}
resource "aws_efs_backup_policy" "it" {
  file_system_id = aws_efs_file_system.base.id
  backup_policy {
    status = "ENABLED"  # 1
    status = "DISABLED" # 2
  }
}
