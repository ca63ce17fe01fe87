@echo off
rem The verbs of ./rnnlab on Windows, where the cpu backend (TorchSharp's packages) is the only one. See environment.md.
setlocal
set "root=%~dp0"
set "state=%root%.rnnlab"
set "log=%state%\setup.log"
set "program=%root%src\RnnLab.Cli\bin\Release\net10.0\RnnLab.Cli.dll"

if /i "%~1"=="setup" goto setup
if /i "%~1"=="test" goto test

if not exist "%program%" goto build_and_run
if not exist "%state%\built" goto build_and_run
powershell -NoProfile -ExecutionPolicy Bypass -File "%root%build\windows\is-current.ps1"
if errorlevel 1 goto build_and_run

:run
dotnet exec "%program%" %*
exit /b %errorlevel%

:build_and_run
call :build "src\RnnLab.Cli\RnnLab.Cli.csproj"
if errorlevel 1 exit /b 1
goto run

:setup
if "%~2"=="" goto setup_cpu
if /i not "%~2"=="--backend" goto setup_usage
if /i "%~3"=="cpu" goto setup_cpu
if /i "%~3"=="cuda" echo rnnlab: the cuda backend's package is Linux's: on Windows there is cpu 1>&2& exit /b 1
if /i "%~3"=="bridge" echo rnnlab: the bridge backend does not build on Windows: there is cpu 1>&2& exit /b 1
:setup_usage
echo rnnlab: usage: rnnlab setup [--backend cpu] 1>&2
exit /b 1

:setup_cpu
call :build "src\RnnLab.Cli\RnnLab.Cli.csproj"
if errorlevel 1 exit /b 1
echo rnnlab: ready, with the cpu backend 1>&2
exit /b 0

:test
rem What follows the word test: shift would split at "=", as in --filter Name=Value.
set "arguments=%*"
set "arguments=%arguments:~5%"
call :build "RnnLab.sln"
if errorlevel 1 exit /b 1
if exist "%root%TestResults" rmdir /s /q "%root%TestResults"
pushd "%root%"
dotnet test RnnLab.sln --no-build -c Release --nologo --tl:off -m:1 -v quiet -p:TorchBackend=cpu --logger "console;verbosity=minimal" --logger "trx;LogFilePrefix=tests" --results-directory "%root%TestResults" %arguments%
set "code=%errorlevel%"
popd
powershell -NoProfile -ExecutionPolicy Bypass -File "%root%build\windows\sum-tests.ps1" -Code %code%
exit /b %errorlevel%

rem build PROJECT: the file "built" carries the time of the start, so that a file edited meanwhile counts as changed.
:build
where dotnet >nul 2>nul
if errorlevel 1 echo rnnlab: RnnLab needs the .NET 10 SDK, and there is no dotnet on the PATH 1>&2& exit /b 1
if not exist "%state%" mkdir "%state%"
echo rnnlab: building, which takes some minutes the first time; details in "%log%" 1>&2
if exist "%state%\built" del "%state%\built"
echo cpu>"%state%\built.new"
pushd "%root%"
dotnet build "%~1" -c Release -v minimal --nologo --tl:off --disable-build-servers -p:TorchBackend=cpu >"%log%" 2>&1
set "code=%errorlevel%"
popd
if not "%code%"=="0" goto build_failed
move /y "%state%\built.new" "%state%\built" >nul
exit /b 0

:build_failed
findstr /c:"error" "%log%" 1>&2
echo rnnlab: the build failed; all of its output is in "%log%" 1>&2
exit /b 1
