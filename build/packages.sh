# Part of ./rnnlab: the system packages that the chosen backend needs, and no others.
# shellcheck shell=sh disable=SC2154 # root, state, ... come from state.sh

install_packages() {
    if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
        missing=$(missing_packages)
        # shellcheck disable=SC2086 # a list of words
        [ -z "$missing" ] || apt_install $missing
    elif [ "$backend" = bridge ]; then
        command -v "${CXX:-g++}" >/dev/null || die "the bridge backend needs g++: install it with this system's package manager"
        [ -n "$libtorch" ] || [ -f /usr/include/torch/csrc/api/include/torch/all.h ] ||
            die "the bridge backend needs libtorch: unpack one and set LIBTORCH to its folder (environment.md)"
    fi
}

missing_packages() {
    if [ "$backend" != bridge ]; then
        needed=libgomp1
    elif [ -z "$libtorch" ]; then
        needed='libtorch-dev libopenblas0-pthread g++'
    elif command -v "${CXX:-g++}" >/dev/null; then
        needed=
    else
        needed=g++
    fi
    for package in $needed; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

# The package lists of a fresh machine are empty or old: they are brought up to date where the first attempt fails.
apt_install() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        say "the $backend backend needs Debian packages; install them and start again:"
        printf '  sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' "$*" >&2
        exit 1
    fi
    say "installing Debian packages: $*$(case " $* " in *' libtorch-dev '*) echo ' (about 300 MB to download)' ;; esac)"
    apt_get install -y --no-install-recommends "$@" && return 0
    if ! apt_get update || ! apt_get install -y --no-install-recommends "$@"; then
        die_with_log "apt-get could not install them"
    fi
}

apt_get() {
    # shellcheck disable=SC2086 # empty, or sudo with its option
    logged $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}
