use super::*;
use crate::objects::{Instance, OutputValue, Slot};
use crate::plan::change::AttributeChange;
use crate::plan::fixtures::*;
use crate::value::{Type, Value};

fn show(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

fn of(c: Change) -> Json {
    plan_json(&plan(vec![c]), View::new(&schema), &Json::Null)["resource_changes"][0].clone()
}

#[test]
fn a_new_object_tells_known_unknown_and_sensitive_parts_apart() {
    let after = attrs([
        ("id", later()),
        ("password", "hunter2".into()),
        ("policy", Value::null(Type::String)),
        ("tags", Value::map(Type::String, [("Name".into(), "a".into()), ("id".into(), later())].into())),
        ("zones", Value::list(Type::String, vec!["a".into(), later()])),
        ("ingress", blocks(vec![Value::object([("port", Value::from(80)), ("key", "hunter2".into())])])),
    ]);
    let json = of(change("module.net[0].aws_thing.a[\"x\"]", Action::Create, None, Some(after)));
    insta::assert_snapshot!(show(&json), @r#"
    {
      "address": "module.net[0].aws_thing.a[\"x\"]",
      "module_address": "module.net[0]",
      "mode": "managed",
      "type": "aws_thing",
      "name": "a",
      "index": "x",
      "provider_name": "registry.terraform.io/hashicorp/aws",
      "change": {
        "actions": [
          "create"
        ],
        "before": null,
        "after": {
          "ingress": [
            {
              "key": null,
              "port": 80
            }
          ],
          "password": null,
          "policy": null,
          "tags": {
            "Name": "a"
          },
          "zones": [
            "a",
            null
          ]
        },
        "after_unknown": {
          "id": true,
          "ingress": [
            {}
          ],
          "tags": {
            "id": true
          },
          "zones": [
            false,
            true
          ]
        },
        "before_sensitive": false,
        "after_sensitive": {
          "ingress": [
            {
              "key": true
            }
          ],
          "password": true,
          "tags": {},
          "zones": [
            false,
            false
          ]
        }
      }
    }
    "#);
}

#[test]
fn a_replacement_names_its_order_its_paths_and_its_reason() {
    let before = attrs([("id", "t-1".into()), ("cidr_block", "a".into())]);
    let after = attrs([("id", later()), ("cidr_block", "b".into())]);
    let mut c = change("aws_thing.a[1]", Action::CreateThenDelete, Some(before), Some(after));
    c.reason = Some(Reason::CannotUpdate(vec!["cidr_block".into()]));
    c.moved_from = Some(address("aws_thing.old"));
    c.importing = Some("t-1".into());
    insta::assert_snapshot!(show(&of(c)), @r#"
    {
      "address": "aws_thing.a[1]",
      "mode": "managed",
      "type": "aws_thing",
      "name": "a",
      "index": 1,
      "provider_name": "registry.terraform.io/hashicorp/aws",
      "previous_address": "aws_thing.old",
      "change": {
        "actions": [
          "create",
          "delete"
        ],
        "before": {
          "cidr_block": "a",
          "id": "t-1"
        },
        "after": {
          "cidr_block": "b"
        },
        "after_unknown": {
          "id": true
        },
        "before_sensitive": {},
        "after_sensitive": {},
        "replace_paths": [
          [
            "cidr_block"
          ]
        ],
        "importing": {
          "id": "t-1"
        }
      },
      "action_reason": "replace_because_cannot_update"
    }
    "#);
}

#[test]
fn every_action_has_the_word_that_tools_know() {
    let words = |action, reason| {
        let mut c = change("aws_thing.a[\"k\"]", action, Some(attrs([])), Some(attrs([])));
        c.reason = reason;
        let json = of(c);
        (json["change"]["actions"].to_string(), json["action_reason"].as_str().unwrap_or("").to_owned())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(words(Action::NoOp, None), pair(r#"["no-op"]"#, ""));
    assert_eq!(words(Action::Forget, Some(Reason::Removed)), pair(r#"["forget"]"#, ""));
    assert_eq!(words(Action::Delete, Some(Reason::NoInstance)), pair(r#"["delete"]"#, "delete_because_each_key"));
    assert_eq!(
        words(Action::DeleteThenCreate, Some(Reason::Tainted)),
        pair(r#"["delete","create"]"#, "replace_because_tainted")
    );
    assert_eq!(words(Action::Read, Some(Reason::ConfigUnknown)), pair(r#"["read"]"#, "read_because_config_unknown"));
}

#[test]
fn the_document_has_every_part_that_tools_look_for() {
    let object = attrs([("id", "t-1".into()), ("enabled", true.into())]);
    let drifted = object.clone().with("enabled", false);
    let mut update =
        change("module.m.module.n[\"x\"].aws_thing.a", Action::Update, Some(drifted.clone()), Some(object.clone()));
    update.depends_on = vec![address("aws_thing.b[0]"), address("aws_thing.b[1]")];
    update.attributes =
        vec![AttributeChange { name: "enabled".into(), cause: Cause::World, forces_replacement: false }];
    let mut p = plan(vec![change("aws_thing.b[0]", Action::Delete, Some(object.clone()), None), update]);
    p.drift = vec![Drift {
        address: p.changes[1].address.clone(),
        stored: object,
        live: Some(drifted),
        attributes: vec!["enabled".into()],
    }];
    let secret = |s: &str| Some(Value::from(s).mark(true));
    p.meta.variables =
        [("password".into(), Value::from("hunter2").mark(true)), ("zones".into(), Value::strings(["a"]))].into();
    p.outputs = vec![
        OutputChange { name: "id".into(), before: None, after: Some(later()) },
        OutputChange { name: "key".into(), before: secret("hunter1"), after: secret("hunter2") },
        OutputChange { name: "net".into(), before: Some(1.into()), after: Some(Value::strings(["a"])) },
    ];
    let json = plan_json(&p, View::new(&schema), &json!({ "root_module": {} }));
    assert!(!json.to_string().contains("hunter"));
    let text = show(&json).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(text, @r#"
    {
      "format_version": "1.2",
      "terraform_version": "1.11.4",
      "floorplan_version": "0.0.0",
      "variables": {
        "password": {
          "value": null
        },
        "zones": {
          "value": [
            "a"
          ]
        }
      },
      "planned_values": {
        "outputs": {
          "id": {
            "sensitive": false
          },
          "key": {
            "sensitive": true,
            "type": "string",
            "value": null
          },
          "net": {
            "sensitive": false,
            "type": [
              "list",
              "string"
            ],
            "value": [
              "a"
            ]
          }
        },
        "root_module": {
          "child_modules": [
            {
              "address": "module.m",
              "child_modules": [
                {
                  "address": "module.m.module.n[\"x\"]",
                  "resources": [
                    {
                      "address": "module.m.module.n[\"x\"].aws_thing.a",
                      "mode": "managed",
                      "type": "aws_thing",
                      "name": "a",
                      "provider_name": "registry.terraform.io/hashicorp/aws",
                      "schema_version": 0,
                      "values": {
                        "enabled": true,
                        "id": "t-1"
                      },
                      "sensitive_values": {}
                    }
                  ]
                }
              ]
            }
          ]
        }
      },
      "resource_drift": [
        {
          "address": "module.m.module.n[\"x\"].aws_thing.a",
          "module_address": "module.m.module.n[\"x\"]",
          "mode": "managed",
          "type": "aws_thing",
          "name": "a",
          "provider_name": "registry.terraform.io/hashicorp/aws",
          "change": {
            "actions": [
              "update"
            ],
            "before": {
              "enabled": true,
              "id": "t-1"
            },
            "after": {
              "enabled": false,
              "id": "t-1"
            },
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": {}
          }
        }
      ],
      "resource_changes": [
        {
          "address": "aws_thing.b[0]",
          "mode": "managed",
          "type": "aws_thing",
          "name": "b",
          "index": 0,
          "provider_name": "registry.terraform.io/hashicorp/aws",
          "change": {
            "actions": [
              "delete"
            ],
            "before": {
              "enabled": true,
              "id": "t-1"
            },
            "after": null,
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": false
          }
        },
        {
          "address": "module.m.module.n[\"x\"].aws_thing.a",
          "module_address": "module.m.module.n[\"x\"]",
          "mode": "managed",
          "type": "aws_thing",
          "name": "a",
          "provider_name": "registry.terraform.io/hashicorp/aws",
          "change": {
            "actions": [
              "update"
            ],
            "before": {
              "enabled": false,
              "id": "t-1"
            },
            "after": {
              "enabled": true,
              "id": "t-1"
            },
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": {}
          }
        }
      ],
      "output_changes": {
        "id": {
          "actions": [
            "create"
          ],
          "before": null,
          "after": null,
          "after_unknown": true,
          "before_sensitive": false,
          "after_sensitive": false
        },
        "key": {
          "actions": [
            "update"
          ],
          "before": null,
          "after": null,
          "after_unknown": false,
          "before_sensitive": true,
          "after_sensitive": true
        },
        "net": {
          "actions": [
            "update"
          ],
          "before": 1,
          "after": [
            "a"
          ],
          "after_unknown": false,
          "before_sensitive": false,
          "after_sensitive": false
        }
      },
      "prior_state": {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "floorplan_version": "0.0.0",
        "values": {
          "outputs": {
            "key": {
              "sensitive": true,
              "type": "string",
              "value": null
            },
            "net": {
              "sensitive": false,
              "type": "number",
              "value": 1
            }
          },
          "root_module": {
            "resources": [
              {
                "address": "aws_thing.b[0]",
                "mode": "managed",
                "type": "aws_thing",
                "name": "b",
                "index": 0,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "schema_version": 0,
                "values": {
                  "enabled": true,
                  "id": "t-1"
                },
                "sensitive_values": {}
              }
            ],
            "child_modules": [
              {
                "address": "module.m",
                "child_modules": [
                  {
                    "address": "module.m.module.n[\"x\"]",
                    "resources": [
                      {
                        "address": "module.m.module.n[\"x\"].aws_thing.a",
                        "mode": "managed",
                        "type": "aws_thing",
                        "name": "a",
                        "provider_name": "registry.terraform.io/hashicorp/aws",
                        "schema_version": 0,
                        "values": {
                          "enabled": false,
                          "id": "t-1"
                        },
                        "sensitive_values": {},
                        "depends_on": [
                          "aws_thing.b"
                        ]
                      }
                    ]
                  }
                ]
              }
            ]
          }
        }
      },
      "configuration": {
        "root_module": {}
      },
      "relevant_attributes": [
        {
          "resource": "module.m.module.n[\"x\"].aws_thing.a",
          "attribute": [
            "enabled"
          ]
        }
      ],
      "timestamp": "2026-01-02T03:04:05Z",
      "applyable": true,
      "complete": true,
      "errored": false
    }
    "#);
}

#[test]
fn a_state_is_shown_as_a_tree_of_modules_without_secrets() {
    let mut s = State::new("quickstart", "l1");
    assert_eq!(state_json(&s, View::new(&schema)).get("values"), None);
    let instance = |tainted| Instance {
        id: "t-1".into(),
        attrs: attrs([("id", "t-1".into()), ("password", "hunter2".into())]),
        provider: "aws".into(),
        region: "eu-central-1".into(),
        account: "1".into(),
        depends_on: vec![address("aws_thing.z")],
        create_before_destroy: false,
        tainted,
        unfinished: false,
    };
    s.set(Slot::current(address("module.m.aws_thing.a[0]")), Some(instance(true)));
    s.set(Slot::deposed(address("aws_thing.b"), "00ff"), Some(instance(false)));
    s.outputs.insert("key".into(), OutputValue { value: Value::from("hunter2").mark(true) });
    let json = state_json(&s, View::new(&schema));
    assert!(!json.to_string().contains("hunter"));
    let text = show(&json).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(text, @r#"
    {
      "format_version": "1.0",
      "terraform_version": "1.11.4",
      "floorplan_version": "0.0.0",
      "values": {
        "outputs": {
          "key": {
            "sensitive": true,
            "type": "string",
            "value": null
          }
        },
        "root_module": {
          "resources": [
            {
              "address": "aws_thing.b",
              "mode": "managed",
              "type": "aws_thing",
              "name": "b",
              "provider_name": "registry.terraform.io/hashicorp/aws",
              "schema_version": 0,
              "values": {
                "id": "t-1",
                "password": null
              },
              "sensitive_values": {
                "password": true
              },
              "depends_on": [
                "aws_thing.z"
              ],
              "deposed_key": "00ff"
            }
          ],
          "child_modules": [
            {
              "address": "module.m",
              "resources": [
                {
                  "address": "module.m.aws_thing.a[0]",
                  "mode": "managed",
                  "type": "aws_thing",
                  "name": "a",
                  "index": 0,
                  "provider_name": "registry.terraform.io/hashicorp/aws",
                  "schema_version": 0,
                  "values": {
                    "id": "t-1",
                    "password": null
                  },
                  "sensitive_values": {
                    "password": true
                  },
                  "depends_on": [
                    "aws_thing.z"
                  ],
                  "tainted": true
                }
              ]
            }
          ]
        }
      }
    }
    "#);
}
