# Part of ./rnnlab: the set-up proper. Progress goes to stderr in a few lines, everything else to the log.
# shellcheck shell=sh disable=SC2154 # root, state, ... come from state.sh

. "$root/build/backend.sh"
. "$root/build/packages.sh"

# RnnLab runs without ICU, and so does the SDK when told: a bare machine need not have it.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}"

# logged COMMAND...: runs it with its output in the log. It does not inherit the lock, which a process left behind would keep.
logged() {
    printf '\n> %s\n' "$*" >>"$log"
    log_before=$(wc -c <"$log")
    (cd "$root" && exec "$@") >>"$log" 2>&1 9>&-
}

# What the last logged command wrote.
logged_output() { tail -c "+$((log_before + 1))" "$log"; }

# die_with_log MESSAGE: shows the errors that the last logged command wrote, or its end where none is marked as one.
die_with_log() {
    say "$1:"
    errors=$(logged_output | grep -E '(error|E:)' | sed 's/^ *//; s/ \[[^]]*\]$//' | awk '!seen[$0]++' | tail -n 15)
    [ -n "$errors" ] || errors=$(logged_output | grep -v '^ *at ' | tail -n 15)
    printf '%s\n' "$errors" >&2
    die "all of it is in $log"
}

# Two first uses at once must not build into the same folders. The lock goes when the process does.
lock() {
    mkdir -p "$state" "$HOME" 2>/dev/null || true
    [ -w "$state" ] || die "cannot write to $state: use a copy of RnnLab that you own"
    exec 9>"$state/lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "waiting: another rnnlab is building in this folder"
        flock 9
    fi
    : >"$log"
}

unlock() { exec 9>&-; }

check_sdk() {
    wanted_sdk=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    command -v "$dotnet" >/dev/null ||
        die "RnnLab needs the .NET SDK $wanted_sdk or a later ${wanted_sdk%.*} one, and there is no dotnet on the PATH"
    logged "$dotnet" --version && return 0
    if logged_output | grep -Eq 'SDKs? (was not|were) found'; then
        found=$("$dotnet" --list-sdks | sed 's/ .*//' | paste -sd ' ' -)
        die "RnnLab needs the .NET SDK $wanted_sdk or a later ${wanted_sdk%.*} one; $(command -v "$dotnet") has ${found:-only a runtime}"
    fi
    die_with_log "the .NET SDK does not start"
}

# build PROJECT: the stamp carries the time of the start, so that a file edited meanwhile counts as changed.
# Build servers gain nothing here, and would hold some hundred MB for minutes beside the training that follows.
build() {
    rm -f "$stamp"
    signature >"$stamp.new"
    logged "$dotnet" build "$root/$1" -c Release -v minimal --nologo --tl:off --disable-build-servers \
        "-p:TorchBackend=$backend" "-p:LIBTORCH=$libtorch" || explain_failed_build
    mv "$stamp.new" "$stamp"
}

explain_failed_build() {
    if [ "$backend" != bridge ] && logged_output | grep -Eiq 'NU110[123].*torch'; then
        say "the package feed does not have the packages of the $backend backend; './rnnlab setup' chooses one that it has"
    elif logged_output | grep -q 'NU1301'; then
        say "the package feed cannot be reached"
    fi
    die_with_log "the build failed"
}

# ready PROJECT: has the backend chosen, its packages installed, and the project built.
ready() {
    check_sdk
    [ -n "$backend" ] || choose_backend
    use_given_libtorch
    check_libtorch
    install_packages
    build "$1"
    remember_backend
}

# A second process may find the work done when its turn comes.
make_current() {
    lock
    read_choice
    if [ -z "$backend" ]; then
        say "first use: setting up, which takes some minutes (details in $log)"
        ready src/RnnLab.Cli/RnnLab.Cli.csproj
        say "ready, with the $backend backend"
    elif ! is_current; then
        say "building what has changed"
        ready src/RnnLab.Cli/RnnLab.Cli.csproj
    fi
    unlock
}

run_setup() {
    backend=
    case $#/${1:-} in
        0/) ;;
        1/--backend=*) backend=${1#*=} ;;
        2/--backend) backend=$2 ;;
        *) setup_usage ;;
    esac
    case $#/$backend in 0/ | */bridge | */cpu | */cuda) ;; *) setup_usage ;; esac
    libtorch=
    use_given_libtorch
    lock
    ready src/RnnLab.Cli/RnnLab.Cli.csproj
    unlock
    say "ready, with the $backend backend"
}

setup_usage() { die "usage: ./rnnlab setup [--backend bridge|cpu|cuda]"; }
