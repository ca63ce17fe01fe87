# Part of ./rnnlab: what is set up, and whether it is up to date. Sourced on every call, so it stays quick.
# shellcheck shell=sh disable=SC2034,SC2154 # root comes from rnnlab, and the variables are used by the other parts

state=$root/.rnnlab
choice=$state/backend.props   # the remembered backend, which MSBuild imports as well
stamp=$state/built            # written before a build that succeeded: what it was made for, and when
log=$state/setup.log
program=$root/src/RnnLab.Cli/bin/Release/net10.0/RnnLab.Cli.dll

say() { printf 'rnnlab: %s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# remembered NAME: the value of a property in the remembered choice, or nothing.
remembered() {
    [ ! -f "$choice" ] || sed -n "s:.*<$1[^>]*>\(.*\)</$1>.*:\1:p" "$choice"
}

# dotnet and NuGet need a home folder that they can write to.
: "${HOME:=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)}"
[ -w "$HOME" ] || HOME=$state/home
export HOME

if command -v dotnet >/dev/null; then
    dotnet=dotnet
elif [ -x "${DOTNET_ROOT:-/nonexistent}/dotnet" ]; then
    dotnet=$DOTNET_ROOT/dotnet
else
    dotnet=$HOME/.dotnet/dotnet
fi

read_choice() {
    backend=$(remembered TorchBackend)
    libtorch=$(remembered LIBTORCH)
    use_given_libtorch
}

# LIBTORCH overrules the remembered folder; the package backends bring their own.
use_given_libtorch() {
    libtorch=${LIBTORCH:-$libtorch}
    libtorch=${libtorch%/}
    case $libtorch in '' | /*) ;; *) libtorch=$PWD/$libtorch ;; esac
    case $backend in cpu | cuda) libtorch= ;; esac
}

# sources [TEST...]: the files that the program is built from, those passing find's TESTs.
sources() {
    find "$root/src" "$root/build" "$root/Directory.Build.props" "$root/Directory.Build.targets" \
        "$root/Directory.Packages.props" "$root/global.json" \
        \( -name bin -o -name obj \) -prune -o -type f ! -name '.*' ! -name '*~' "$@" -print
}

# What a build depends on besides the content of the sources: the backend, its libtorch, and which files there are.
signature() {
    printf '%s|%s|' "$backend" "$libtorch"
    sources | LC_ALL=C sort | cksum
}

is_current() {
    [ -f "$program" ] && [ -f "$stamp" ] && [ -n "$backend" ] &&
        [ "$(cat "$stamp")" = "$(signature)" ] &&
        [ -z "$(sources -newer "$stamp" | head -n 1)" ]
}
