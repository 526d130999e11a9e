variable "client" {
  description = "The client's short name"
  type        = string
  default     = "acme"
}

variable "region" {
  description = "Where the network is built"
  type        = string
  default     = "eu-west-1"
}

variable "cidr_block" {
  description = "The network's range"
  type        = string
  default     = "10.30.0.0/16"
}

variable "web_sources" {
  description = "Ranges that may reach the web tier"
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "app_port" {
  description = "Port of the application tier"
  type        = number
  default     = 8080
}

variable "data_port" {
  description = "Port of the data tier"
  type        = number
  default     = 5432
}
