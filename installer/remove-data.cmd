@rem Deletes what Hypir keeps for this user: models, settings, measured speeds, libtorch for the GPU. Uninstalling calls it only where it is asked to (REMOVEDATA=1).
@rmdir /s /q "%LOCALAPPDATA%\hypir"
