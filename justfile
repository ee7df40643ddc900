# What a contributor does, for https://just.systems; CONTRIBUTING.md has the commands behind it.

# Lists what follows.
@_default:
    {{ just_executable() }} --list --unsorted

# Everything, or one area, or one module of it: `just test verdicts misnamed`.
test area='' *filter:
    cargo test {{ if area == '' { '' } else { '--test ' + area } }} {{ filter }}

# What reviewers do not want to say: formatting, lints, links of the documentation.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps

# Writes golden files, pictures and the tables of documents anew, of one area or of all; look at the difference.
golden area='*' *filter:
    UPDATE_GOLDEN=1 cargo test --test '{{ area }}' {{ filter }}
    git status --short

# Measures: `check`, `snapshot`, `parse` or `hostile`.
bench name='check':
    cargo bench --locked --bench {{ name }}

# Every fuzz target, or one of them, for some seconds each: `just fuzz 180 policy`.
fuzz seconds='10' target='':
    fuzz/{{ if target == '' { 'all.sh' } else { 'run.sh ' + target } }} {{ seconds }}

# Each way to get ecrlint, from an empty home to a finding, or some of them: `just ways-in wheel npm`.
ways-in *names:
    tests/ways-in/run.sh {{ names }}
