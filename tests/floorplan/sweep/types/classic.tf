resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_internet_gateway" "base" {
  vpc_id = aws_vpc.base.id
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_security_group" "base" {
  for_each = toset(["one", "two"])
  name     = each.key
  vpc_id   = aws_vpc.base.id
}
data "aws_ami" "base" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2*-x86_64"]
  }
}
resource "aws_instance" "base" {
  ami           = data.aws_ami.base.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.base["a"].id
}

# swept
resource "aws_elb" "it" {
  name            = "it"
  subnets         = [aws_subnet.base["a"].id]                             # 1
  subnets         = [aws_subnet.base["a"].id, aws_subnet.base["b"].id]    # 2
  security_groups = [aws_security_group.base["one"].id]                   # 1
  security_groups = [for group in aws_security_group.base : group.id]     # 2
  listener {
    instance_port     = 8000 # 1
    instance_port     = 8080 # 2
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "HTTP"
  }
  listener {
    instance_port     = 25
    instance_protocol = "tcp"
    lb_port           = 25
    lb_protocol       = "tcp"
  }
  health_check {
    healthy_threshold   = 2
    unhealthy_threshold = 2
    timeout             = 3
    target              = "HTTP:8000/" # 1
    target              = "HTTP:8080/" # 2
    interval            = 30
  }
  idle_timeout              = 60  # 1
  idle_timeout              = 400 # 2
  connection_draining       = true # 2
  cross_zone_load_balancing = true
  tags                      = { Name = "one" } # 1
  tags                      = { Name = "two" } # 2
}
resource "aws_elb_attachment" "it" {
  elb      = aws_elb.it.id
  instance = aws_instance.base.id
}
