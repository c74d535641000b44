rem GAS Chatroom on Windows, by netsh: run the lines that you need as an administrator.
rem Windows has no limits of rate; the narrow variants take a smaller circle of people instead.

rem The server, for everybody:
netsh advfirewall firewall add rule name="gaschat-server" dir=in action=allow protocol=UDP localport=8080

rem The server, for the own network only:
rem netsh advfirewall firewall add rule name="gaschat-server" dir=in action=allow protocol=UDP localport=8080 remoteip=localsubnet

rem Clients:
netsh advfirewall firewall add rule name="gaschat-client" dir=in action=allow protocol=UDP localport=5000-5010

rem Clients, for a server at that port only:
rem netsh advfirewall firewall add rule name="gaschat-client" dir=in action=allow protocol=UDP localport=5000-5010 remoteport=8080

rem To take them away again:
rem netsh advfirewall firewall delete rule name="gaschat-server"
rem netsh advfirewall firewall delete rule name="gaschat-client"
