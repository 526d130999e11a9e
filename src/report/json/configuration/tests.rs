use super::*;
use crate::lang::config::{Files, load};
use crate::plan::fixtures::schema;

/// Files by path.
struct Memory(&'static [(&'static str, &'static str)]);

impl Files for Memory {
    fn list(&self, dir: &str) -> Result<Vec<String>, String> {
        let of = |path: &str| path.strip_prefix(dir)?.strip_prefix('/').map(str::to_owned);
        Ok(self.0.iter().filter_map(|(path, _)| of(path)).filter(|name| !name.contains('/')).collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(p, _)| *p == path).ok_or("no such file")?;
        Ok(found.1.as_bytes().to_vec())
    }
}

#[test]
fn a_layout_shows_constants_and_references_but_no_secrets() {
    let files = Memory(&[
        (
            "net/main.tf",
            r#"
            terraform {
              required_providers {
                aws = { source = "hashicorp/aws", version = "~> 5.0" }
              }
            }
            provider "aws" {
              region     = var.region
              secret_key = "hunter2"
            }
            provider "aws" {
              alias  = "west"
              region = "us-west-2"
            }
            variable "region" {
              type        = string
              default     = "eu-central-1"
              description = "Where."
            }
            variable "password" {
              type      = string
              default   = "hunter2"
              sensitive = true
            }
            resource "aws_thing" "a" {
              count      = 2
              cidr_block = cidrsubnet(var.range["a"], 8, count.index)
              password   = "hunter2"
              tags       = { Name = "a", "cost centre" = 7 }
              zones      = data.aws_thing.z[*].id
              enabled    = null
              ingress {
                port = 80
                key  = "hunter2"
              }
              dynamic "ingress" {
                for_each = [1]
                content {
                  port = ingress.value
                  note = module.sub["x"].note
                }
              }
              options {
                note = aws_thing.b.tags["Name"]
              }
            }
            resource "aws_thing" "b" {
              route      = [{ key = "hunter2" }]
              provider   = aws.west
              depends_on = [module.sub]
            }
            data "aws_thing" "z" {
              for_each = toset(["a"])
            }
            variable "range" {
              type = map(string)
            }
            module "sub" {
              source    = "./sub"
              for_each  = toset(["x"])
              secret    = "hunter2"
              plain     = "p"
              providers = { aws = aws.west }
            }
            output "id" {
              value     = aws_thing.a[0].id
              sensitive = true
            }
            "#,
        ),
        (
            "net/sub/main.tf",
            r#"
            variable "secret" {
              type      = string
              sensitive = true
            }
            variable "plain" {
              type = string
            }
            resource "aws_thing" "inner" {
              user_data = var.plain
              password  = var.secret
            }
            output "note" {
              value = aws_thing.inner.id
            }
            "#,
        ),
    ]);
    let loaded = load(&files, "net").unwrap();
    let json = build(&loaded.root, &schema);
    assert!(!json.to_string().contains("hunter2"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap(), @r#"
    {
      "provider_config": {
        "aws": {
          "name": "aws",
          "full_name": "registry.terraform.io/hashicorp/aws",
          "version_constraint": "~> 5.0",
          "expressions": {
            "region": {
              "references": [
                "var.region"
              ]
            },
            "secret_key": {}
          }
        },
        "aws.west": {
          "name": "aws",
          "full_name": "registry.terraform.io/hashicorp/aws",
          "alias": "west",
          "version_constraint": "~> 5.0",
          "expressions": {
            "region": {
              "constant_value": "us-west-2"
            }
          }
        }
      },
      "root_module": {
        "outputs": {
          "id": {
            "sensitive": true,
            "expression": {
              "references": [
                "aws_thing.a[0].id",
                "aws_thing.a[0]",
                "aws_thing.a"
              ]
            }
          }
        },
        "variables": {
          "region": {
            "default": "eu-central-1",
            "description": "Where."
          },
          "password": {
            "sensitive": true
          },
          "range": {}
        },
        "module_calls": {
          "sub": {
            "source": "./sub",
            "expressions": {
              "secret": {},
              "plain": {
                "constant_value": "p"
              }
            },
            "for_each_expression": {},
            "module": {
              "outputs": {
                "note": {
                  "expression": {
                    "references": [
                      "aws_thing.inner.id",
                      "aws_thing.inner"
                    ]
                  }
                }
              },
              "variables": {
                "secret": {
                  "sensitive": true
                },
                "plain": {}
              },
              "resources": [
                {
                  "address": "aws_thing.inner",
                  "mode": "managed",
                  "type": "aws_thing",
                  "name": "inner",
                  "provider_config_key": "aws.west",
                  "expressions": {
                    "user_data": {
                      "references": [
                        "var.plain"
                      ]
                    },
                    "password": {
                      "references": [
                        "var.secret"
                      ]
                    }
                  },
                  "schema_version": 0
                }
              ]
            }
          }
        },
        "resources": [
          {
            "address": "aws_thing.a",
            "mode": "managed",
            "type": "aws_thing",
            "name": "a",
            "provider_config_key": "aws",
            "expressions": {
              "cidr_block": {
                "references": [
                  "var.range[\"a\"]",
                  "var.range",
                  "count.index"
                ]
              },
              "password": {},
              "tags": {
                "constant_value": {
                  "Name": "a",
                  "cost centre": 7
                }
              },
              "zones": {
                "references": [
                  "data.aws_thing.z"
                ]
              },
              "enabled": {
                "constant_value": null
              },
              "ingress": [
                {
                  "port": {
                    "constant_value": 80
                  },
                  "key": {}
                },
                {
                  "port": {
                    "references": [
                      "ingress.value"
                    ]
                  },
                  "note": {
                    "references": [
                      "module.sub[\"x\"].note",
                      "module.sub[\"x\"]",
                      "module.sub"
                    ]
                  }
                }
              ],
              "options": {
                "note": {
                  "references": [
                    "aws_thing.b.tags[\"Name\"]",
                    "aws_thing.b.tags",
                    "aws_thing.b"
                  ]
                }
              }
            },
            "schema_version": 0,
            "count_expression": {
              "constant_value": 2
            }
          },
          {
            "address": "aws_thing.b",
            "mode": "managed",
            "type": "aws_thing",
            "name": "b",
            "provider_config_key": "aws.west",
            "expressions": {
              "route": {}
            },
            "schema_version": 0,
            "depends_on": [
              "module.sub"
            ]
          },
          {
            "address": "data.aws_thing.z",
            "mode": "data",
            "type": "aws_thing",
            "name": "z",
            "provider_config_key": "aws",
            "expressions": {},
            "schema_version": 0,
            "for_each_expression": {}
          }
        ]
      }
    }
    "#);
}
