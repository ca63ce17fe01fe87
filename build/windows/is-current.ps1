# Part of rnnlab.cmd. Exits with 0 when no source is newer than the last build, else with 1.
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
$built = (Get-Item -LiteralPath (Join-Path $root '.rnnlab\built')).LastWriteTimeUtc
$files = @(Get-ChildItem -LiteralPath (Join-Path $root 'src'), (Join-Path $root 'build') -Recurse -File)
$files += @(Get-ChildItem -LiteralPath $root -File | Where-Object { $_.Name -match '\.(props|targets|json)$' })
$changed = $files | Where-Object {
    $_.LastWriteTimeUtc -gt $built -and $_.FullName.Substring($root.Length) -notmatch '[\\/](bin|obj)[\\/]'
}
if ($changed) { exit 1 }
exit 0
