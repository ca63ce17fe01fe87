# Part of ./rnnlab: which of the three backends gives the TorchSharp API.
# shellcheck shell=sh disable=SC2154 # root, state, ... come from state.sh

# An own libtorch asks for the bridge; else CUDA's packages where there is such a device, else the CPU's, else the bridge.
choose_backend() {
    if [ -n "$libtorch" ]; then
        backend=bridge
        say "LIBTORCH is set: the bridge over $libtorch"
    elif has_cuda_device && feed_has cuda; then
        backend=cuda
        say "the cuda backend: TorchSharp with CUDA, several GB to download and more on disk"
    elif packages_exist_here && feed_has cpu; then
        backend=cpu
        say "the cpu backend: TorchSharp and libtorch from the package feed, some hundred MB to download"
    else
        backend=bridge
        say "the bridge backend: TorchSharp's packages are not in the feed, or not for this machine"
    fi
}

has_cuda_device() {
    [ "$(uname -sm)" = 'Linux x86_64' ] && command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1
}

packages_exist_here() {
    case $(uname -sm) in 'Linux x86_64' | 'Darwin arm64') ;; *) return 1 ;; esac
}

# feed_has BACKEND: restores TorchSharp's own packages without libtorch, which is the large part.
# Only the feed's "no such package" counts as no: a feed that does not answer says nothing about what it has.
feed_has() {
    logged "$dotnet" restore "$root/build/probe/Probe.csproj" --force -v minimal --tl:off "-p:ProbeFor=$1" && return 0
    if logged_output | grep -q 'error NU110[123]' && ! logged_output | grep -q 'error NU1301'; then
        return 1
    fi
    say "cannot tell whether the package feed has TorchSharp; './rnnlab setup --backend bridge' does not ask"
    die_with_log "the package feed did not answer"
}

# The libtorch folder that was given must be one; its path goes into an MSBuild file as it is.
check_libtorch() {
    [ -n "$libtorch" ] || return 0
    case $libtorch in *[\&\<\>%\$\;]*) die "LIBTORCH=$libtorch: the path may not contain any of & < > % \$ ;" ;; esac
    if [ ! -d "$libtorch/include" ] || [ ! -d "$libtorch/lib" ]; then
        die "LIBTORCH=$libtorch is not a libtorch folder: it needs the folders include and lib"
    fi
}

# Only what built is remembered.
remember_backend() {
    {
        echo '<Project>'
        echo '  <!-- Written by ./rnnlab setup. -->'
        echo '  <PropertyGroup>'
        echo "    <TorchBackend Condition=\"'\$(TorchBackend)' == ''\">$backend</TorchBackend>"
        [ -z "$libtorch" ] || echo "    <LIBTORCH Condition=\"'\$(LIBTORCH)' == ''\">$libtorch</LIBTORCH>"
        echo '  </PropertyGroup>'
        echo '</Project>'
    } >"$choice.new"
    mv "$choice.new" "$choice"
}
