# GAS Chatroom on Windows, by PowerShell, as an administrator:
#
#     .\gaschat.ps1 server            the server at UDP port 8080, for everybody
#     .\gaschat.ps1 server -Narrow    the same, for the own network only
#     .\gaschat.ps1 client            clients at UDP ports 5000-5010
#     .\gaschat.ps1 client -Narrow    the same, for a server at port 8080 only
#     .\gaschat.ps1 server -Remove    takes the rule away again
#
# Windows has no limits of rate. The server limits strangers itself; -Narrow takes a smaller circle of people.
param(
    [Parameter(Mandatory = $true)][ValidateSet('server', 'client')][string]$Role,
    [switch]$Narrow,
    [switch]$Remove
)

$name = "gaschat-$Role"
Remove-NetFirewallRule -Name $name -ErrorAction SilentlyContinue
if ($Remove) { return }

$rule = @{
    Name        = $name
    DisplayName = "GAS Chatroom $Role"
    Direction   = 'Inbound'
    Action      = 'Allow'
    Protocol    = 'UDP'
    LocalPort   = if ($Role -eq 'server') { '8080' } else { '5000-5010' }
}
if ($Narrow) {
    if ($Role -eq 'server') { $rule.RemoteAddress = 'LocalSubnet' } else { $rule.RemotePort = '8080' }
}
New-NetFirewallRule @rule
