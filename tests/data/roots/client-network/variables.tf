variable "client" {
  description = "Short name of the client"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.client))
    error_message = "The client must be 2 to 21 lower-case letters, digits and hyphens."
  }
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "vpc_cidr" {
  type    = string
  default = "10.80.0.0/16"
}

variable "zone_count" {
  type    = number
  default = 2
}

variable "services" {
  description = "What may be reached from where"
  type = map(object({
    port     = number
    protocol = optional(string, "tcp")
    sources  = list(string)
  }))
  default = {
    https = { port = 443, sources = ["0.0.0.0/0"] }
    ssh   = { port = 22, sources = ["192.0.2.0/24", "198.51.100.0/24"] }
  }
}

variable "enable_nat" {
  type    = bool
  default = true
}
