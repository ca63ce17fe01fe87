# Part of rnnlab.cmd. Sums the test results up in one line; $Code is what `dotnet test` exited with.
param([int]$Code)
$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
$total = 0; $executed = 0; $passed = 0
foreach ($file in @(Get-ChildItem -LiteralPath (Join-Path $root 'TestResults') -Filter *.trx -Recurse -ErrorAction SilentlyContinue)) {
    $counters = ([xml](Get-Content -LiteralPath $file.FullName -Raw -Encoding UTF8)).TestRun.ResultSummary.Counters
    $total += [int]$counters.total; $executed += [int]$counters.executed; $passed += [int]$counters.passed
}
$failed = $executed - $passed
if ($Code -ne 0 -and $failed -eq 0 -and $executed -gt 0) { $failed = 1 }
$line = "$passed passed, $failed failed"
if ($total -gt $executed) { $line += ", $($total - $executed) skipped" }
Write-Output $line
if ($failed -gt 0 -or $executed -eq 0 -or $Code -ne 0) { exit 1 }
exit 0
