@echo off
rem Portable start for Windows: the first call makes .venv beside this file, later calls run at once.
rem   simrescue.bat run scenarios\tiny-flood
rem Needs Python 3.11 or newer (python.org) and, for the first call, the network or a folder wheels with the packages.
setlocal
set "HERE=%~dp0"
set "OWN=%HERE%.venv\Scripts\python.exe"
set "PYTHONUTF8=1"
rem Written when all packages are there: a first call that was broken off is made again.
set "READY=%HERE%.venv\simrescue-ready.txt"
if exist "%READY%" goto start
set "FIND=python"
where py >nul 2>nul && set "FIND=py -3"
%FIND% -c "import sys; sys.exit(sys.version_info < (3, 11))" || (
  echo simrescue needs Python 3.11 or newer: https://www.python.org/downloads/windows/ 1>&2
  exit /b 1
)
%FIND% -m venv "%HERE%.venv" || exit /b 1
if exist "%HERE%wheels\" (
  "%OWN%" -m pip install --quiet --no-index --find-links "%HERE%wheels" --editable "%HERE%.[import,export,gis]" || goto failed
) else (
  "%OWN%" -m pip install --quiet --editable "%HERE%.[import,export,gis]" || goto failed
)
echo ready> "%READY%"
:start
"%OWN%" -m simrescue %*
exit /b %ERRORLEVEL%
:failed
rmdir /s /q "%HERE%.venv"
exit /b 1
