# The layout that the states beside it were written of.
variable "region" {
  default = "eu-west-1"
}

provider "aws" {
  region = var.region
}

resource "aws_vpc" "main" {
  cidr_block = "10.7.0.0/16"
  tags       = { Name = "kept" }
}

resource "aws_subnet" "each" {
  for_each   = { a = "10.7.1.0/24", b = "10.7.2.0/24" }
  vpc_id     = aws_vpc.main.id
  cidr_block = each.value
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id

  ingress {
    description = "https"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
  }
}

resource "random_password" "database" {
  length = 24
}

resource "random_id" "name" {
  byte_length = 4
}

output "password" {
  value     = random_password.database.result
  sensitive = true
}

output "shapes" {
  value = {
    list   = tolist(["a", "b"])
    set    = toset(["b", "a"])
    map    = tomap({ one = 1, half = 0.5 })
    tuple  = ["a", 1, true, null]
    large  = 123456789012345678901234567890
    object = { "$sealed" = "no", "$$sealed" = [] }
    secret = { login = "root", password = random_password.database.result }
  }
  sensitive = true
}
