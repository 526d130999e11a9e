//! Provisioners that work on another machine. A program named `ssh` stands in for the client: its machine is a folder.
//! That the real client takes the configuration is tested beside `apply/remote.rs`.

use super::support::{Run, World};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// The machine refuses the first connection, as one does that still starts.
const CLIENT: &str = r#"#!/bin/sh
config=$2
cat "$config" >> "$MACHINE/asked"
[ "$3" = machine ] || exit 9
if [ ! -e "$MACHINE/up" ]; then
  touch "$MACHINE/up"
  echo "ssh: connect to host 10.0.0.9 port 2222: Connection refused" >&2
  exit 255
fi
cd "$MACHINE" && exec sh -c "$4"
"#;

const LAYOUT: &str = r#"
variable "exit" { default = 0 }

resource "terraform_data" "x" {
  input = "10.0.0.9"
  connection {
    host        = self.output
    user        = "admin"
    port        = 2222
    private_key = "KEY"
    script_path = "./run-%RAND%.sh"
  }
  provisioner "file" {
    content     = "hello it's me"
    destination = "motd"
  }
  provisioner "file" {
    source      = "conf"
    destination = "etc"
  }
  provisioner "file" {
    source      = "conf/"
    destination = "flat"
  }
  provisioner "remote-exec" {
    connection {
      user = "root"
    }
    inline = ["echo one >> log", "echo two >> log", "exit ${var.exit}"]
  }
  provisioner "remote-exec" {
    when   = destroy
    script = "bye.sh"
  }
}
"#;

struct Machine {
    world: World,
    path: PathBuf,
}

impl Machine {
    fn start() -> Self {
        let world = World::start();
        world.write("net/main.tf", LAYOUT);
        world.write("net/bye.sh", "#!/bin/sh\necho bye >> log\n");
        world.write("net/conf/a/b.conf", "b");
        world.write("machine/log", "");
        world.write("bin/ssh", CLIENT);
        let client = world.path().join("bin/ssh");
        std::fs::set_permissions(client, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = world.path().join("machine");
        Machine { world, path }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let path = format!("{}:{}", self.world.path().join("bin").display(), std::env::var("PATH").unwrap());
        let output =
            self.world.command(arguments).env("PATH", path).env("MACHINE", &self.path).output().expect("it can be run");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn read(&self, name: &str) -> String {
        self.world.read(&format!("machine/{name}"))
    }
}

#[test]
fn files_and_scripts_reach_the_machine() {
    let machine = Machine::start();
    let planned = machine.run(&["plan", "net", "--sandbox"]).succeeds();
    assert!(planned.stderr.contains("The plan works on other machines over SSH"), "{}", planned.stderr);
    assert!(planned.stderr.contains("terraform_data.x when it is created: motd"), "{}", planned.stderr);
    machine.run(&["apply", "net", "--sandbox", "--auto-approve", "--no-provisioners"]).exits(3);
    let applied = machine.run(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let said = applied.stdout + &applied.stderr;
    assert!(said.contains("terraform_data.x (file): connecting to admin@10.0.0.9"), "{said}");
    assert_eq!(machine.read("motd"), "hello it's me");
    assert_eq!(machine.read("etc/conf/a/b.conf"), "b");
    assert_eq!(machine.read("flat/a/b.conf"), "b");
    assert_eq!(machine.read("log"), "one\ntwo\n");
    let asked = machine.read("asked");
    assert!(asked.contains("HostName \"10.0.0.9\"\n  Port 2222\n  User \"admin\""), "{asked}");
    assert!(asked.contains("User \"root\""), "the provisioner's own connection goes over the resource's: {asked}");
    let left: Vec<_> = std::fs::read_dir(&machine.path).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("run-")), "{left:?}");
    machine.run(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    machine.run(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(machine.read("log"), "one\ntwo\nbye\n");
}

#[test]
fn a_script_that_fails_leaves_a_damaged_object() {
    let machine = Machine::start();
    let failed = machine.run(&["apply", "net", "--sandbox", "--auto-approve", "--var", "exit=4"]).exits(1);
    assert!(failed.stderr.contains("A remote-exec provisioner failed"), "{}", failed.stderr);
    assert!(failed.stderr.contains("exit status: 4"), "{}", failed.stderr);
    let planned = machine.run(&["plan", "net", "--sandbox"]).succeeds();
    assert!(planned.stdout.contains("1 to replace"), "{}", planned.stdout);
}

#[test]
fn a_connection_that_cannot_be_made_is_an_error_of_the_plan() {
    let machine = Machine::start();
    let table = [
        ("host        = self.output\n", "", "The connection block has no host."),
        ("user        = \"admin\"", "type = \"winrm\"", "Its connection is of type \"winrm\"."),
        (
            "user        = \"admin\"",
            "bastion_password = \"x\"",
            "\"bastion_password\" of its connection is not supported.",
        ),
    ];
    for (from, to, cause) in table {
        machine.world.write("net/main.tf", &LAYOUT.replace(from, to));
        let refused = machine.run(&["plan", "net", "--sandbox"]).exits(1);
        assert!(refused.stderr.contains("A file provisioner cannot be run"), "{}", refused.stderr);
        assert!(refused.stderr.contains(cause), "{cause}: {}", refused.stderr);
    }
    machine.world.write("net/main.tf", &LAYOUT.replace("user        =", "usr        ="));
    let refused = machine.run(&["validate", "net"]).exits(1);
    assert!(refused.stderr.contains("\"usr\""), "{}", refused.stderr);
}
