//! The `opsbook` program: all it does is hand over to the shell.

fn main() -> std::process::ExitCode {
    opsbook::shell::main()
}
