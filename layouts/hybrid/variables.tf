variable "client" {
  description = "The client's short name"
  type        = string
  default     = "acme"
}

variable "region" {
  description = "Where the service is built"
  type        = string
  default     = "eu-west-1"
}

variable "cidr_block" {
  description = "The network's range"
  type        = string
  default     = "10.70.0.0/16"
}

variable "domain" {
  description = "Name that clients find the service under"
  type        = string
  default     = "www.example.com"
}

variable "certificate_arn" {
  description = "ARN of an issued certificate for the domain; null: one is requested, and proved by records in the zone"
  type        = string
  default     = null
}

variable "zone_id" {
  description = "The public zone of Route 53 in which the domain is. Null with certificate_arn: the client's DNS is elsewhere. Null without: a zone is made for what stands behind the domain's first dot, and the certificate is issued once the domain's registrar names its servers (output name_servers)"
  type        = string
  default     = null
}

variable "image_id" {
  description = "Image of the members; null: the newest Amazon Linux 2023. Changing it replaces the members one after the other."
  type        = string
  default     = null
}

variable "members_per_zone" {
  description = "How many members each zone has"
  type        = number
  default     = 1
}

variable "database" {
  description = "Engine and size of the database"
  type = object({
    engine         = optional(string, "postgres")
    engine_version = optional(string, "16")
    family         = optional(string, "postgres16")
    instance_class = optional(string, "db.t4g.medium")
    storage        = optional(number, 20)
  })
  default = {}
}

variable "database_clients" {
  description = "Ranges of the offices that query the database, by name"
  type        = map(string)
  default     = { office = "192.168.10.0/24" }
}

variable "alarm_addresses" {
  description = "Mail addresses that alarms go to"
  type        = set(string)
  default     = ["operations@example.com"]
}

variable "protected" {
  description = "Whether the balancer and the database are protected from deletion; to be switched off before a destroy"
  type        = bool
  default     = true
}

variable "sites" {
  description = "The client's offices by name: the device's public address, its ASN, and the ranges behind it if it does not speak BGP"
  type = map(object({
    ip            = string
    asn           = optional(number, 65000)
    static_routes = optional(set(string), [])
    inside_cidrs  = optional(list(string), [])
  }))
  default = {
    office = { ip = "203.0.113.10", static_routes = ["192.168.10.0/24"] }
  }
}
