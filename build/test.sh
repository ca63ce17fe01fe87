# Part of ./rnnlab: builds the whole solution, runs its tests, and sums their results up in one line.
# shellcheck shell=sh disable=SC2154 # root, state, ... come from state.sh

run_tests() {
    lock
    read_choice
    say "building everything (details in $log)"
    ready RnnLab.sln
    unlock

    results=$root/TestResults
    rm -rf "$results"
    code=0
    # One project after the other: they share the cores, and some tests look at memory.
    (cd "$root" && exec "$dotnet" test RnnLab.sln --no-build -c Release --nologo --tl:off -m:1 -v quiet \
        --logger 'console;verbosity=minimal' --logger 'trx;LogFilePrefix=tests' --results-directory "$results" "$@") || code=$?

    read -r total executed passed <<COUNTS
$(count_results)
COUNTS
    skipped=$((total - executed)) failed=$((executed - passed))
    if [ "$executed" = 0 ]; then
        say "no test ran"
        code=1
    elif [ "$failed" = 0 ] && [ "$code" != 0 ]; then
        say "the test run itself failed, with exit code $code: counted as one failure"
        failed=1
    elif [ "$failed" != 0 ]; then
        code=1
    fi
    [ "$skipped" = 0 ] && skipped= || skipped=", $skipped skipped"
    echo "$passed passed, $failed failed$skipped"
    exit "$code"
}

# Prints "TOTAL EXECUTED PASSED", summed over the result files: the first three attributes of their Counters element.
# A skipped test is one that was counted but not executed.
count_results() {
    find "$results" -name '*.trx' -exec grep -h '<Counters ' {} + 2>/dev/null |
        awk -F'"' '{ total += $2; executed += $4; passed += $6 } END { print total + 0, executed + 0, passed + 0 }'
}
