//! What somebody sees who runs the program in a terminal, which is one that Python's standard library makes.

use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command in a terminal of 100 columns, and copies what the terminal gets to see.
const TERMINAL: &str = "\
import fcntl, os, pty, struct, sys, termios
pid, seen = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 100, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    try:
        data = os.read(seen, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    if b'[y/N]' in data:
        os.write(seen, os.environ.get('ANSWER', '').encode() + b'\\n')
os.waitpid(pid, 0)
";

/// What somebody sees who runs the program in a terminal, in this folder and environment.
pub(crate) fn seen(folder: &Path, line: &str, environment: &[(&str, &str)]) -> String {
    let line = format!("exec {} {line}", env!("CARGO_BIN_EXE_ecrlint"));
    let mut terminal = Command::new("python3");
    terminal
        .args(["-c", TERMINAL, "/bin/sh", "-c", &line])
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH"))
        .env("TERM", "xterm-256color")
        .envs(environment.iter().copied());
    let ended = terminal
        .output()
        .expect("python3 is there, as for the tests with the construct library");
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    String::from_utf8(ended.stdout).expect("output is text")
}
