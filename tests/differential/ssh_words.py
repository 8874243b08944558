"""What random ssh_config trees are made of."""

HOSTS = [
    "alpha", "beta", "ALPHA", "Beta.Example.com", "beta.example.com",
    "gamma.internal.example.com", "10.0.0.1", "127.1", "0x7f.1", "192.168.7.300",
    "::1", "fe80::A", "2001:DB8:0::1", "host-1", "host_2", "alpha beta",
    "x", "alpha%1", "bob@alpha", "bob@carol@beta", "ssh://alpha",
    "ssh://dave@beta:2222", "ssh://alpha:http-alt", "ssh://dave;x=y@alpha.example.com", "*", "ho?t",
]
BAD_HOSTS = [
    "al,pha", "al;pha", "-x", "a\x01b", "eve\x7f@alpha", "e;ve@alpha", "@alpha",
    "ssh://al%00pha", "ssh://alpha/path", "ssh://a..b", "ssh://alpha:0", "ssh://",
    "ssh://e%2Dve@alpha", "ssh://e%-1@alpha", "a,b@alpha",
]
PATTERNS = [
    "*", "alpha", "beta", "ALPHA", "*.example.com", "beta*", "*a", "?eta",
    "!alpha", "!beta.example.com", "!*", "10.0.0.*", "127.0.0.1", "127.*",
    "*:*", "::1", "fe80::a", "2001:db8::1", "host-?", "host_2", "a,b", "*,*",
    "al*a", "a*p*a", "**", "", "gamma*", "x", "!x", "alpha beta", "bob",
]
LIST_PATTERNS = [
    "*", "alpha", "beta", "alpha,beta", "*,!alpha", "!alpha", "!alpha,*",
    "*.example.com", "ALPHA", "127.0.0.1", "10.*,127.*", "::1", "?eta,x", "x",
    "alpha,,beta", ",", "bob", "root", "r*,!root", "carol,bob", "renamed*",
    "*.renamed", "2001:db8::1",
]
TIMES = [
    "0", "1", "15", "30s", "5m", "1h30m", "2d", "1w", "1H5M", "none", "NONE",
    "60", "2147483647", "2147483648", "35791394m", "35791395m", "-1", "+5",
    "1.5", "5x", "m", "1m1", "1 m", " 7", "7 ", "1h 5m", "0x10", "",
    "99999999999999999999", "1s1s", "007",
]
COUNTS = ["0", "1", "3", "30", "2147483647", "2147483648", "-1", "+2", "x", "",
          "3s", " 4", "1e3", "99999999999999999999"]
FLAGS = ["yes", "no", "true", "false", "YES", "No", "TRUE", "maybe", "1", "",
         "on", "yesno"]
MASTERS = ["yes", "no", "auto", "ask", "autoask", "true", "false", "AUTO",
           "maybe", ""]
PERSISTS = ["yes", "no", "true", "false", "Yes", "0", "10", "5m", "none", "",
            "-1", "1h1h", "x"]
JUMPS = [
    "none", "NONE", "jump", "a@jump", "a@jump:22", "jump:2200", "a,b", "a,b,c",
    "x@a:1,y@b:2", "[::1]:22", "::1", "10.0.0.9", "ssh://jump", "jump:ssh",
    "ssh://u@jump:2222", "ssh://u@jump:2222/path", "ssh://", "@jump", "jump:",
    "jump:0", "jump:65536", "jump:x", ",", "a,", ",a", "", "jump # comment",
    "'a b'", "alpha", "alpha:22", "root@alpha",
    "bob@alpha", "u@@jump", "[jump", "[jump]", "[jump]x", "ssh://a..b",
    "ssh://u+v%41@jump", "ssh://u%zz@jump", "jump/path", "a b", "ssh://-x",
    "ssh://u;p=q@jump", "1.2.3.4:22", "jump.",
    "jump:http-alt", "jump:webcache", "ssh://jump:https", "jump:SSH",
    "jump:no-such-service", "jump x", "a, b", "a ,b", "jump\tx,y", "jump \xff", "jump\v,x",
    "a,b # comment", "none # off", "none:22", "#", "a#b,c", "None ", "a,none",
    "al;pha", "$x@jump", "-jump",
]
COMMANDS = [
    "none", "NONE", "nc %h %p", "\"nc\" %h", "=x", "'unbalanced", "\"open",
    "nc # not a comment", "# all of it", "a\\ b", "a=b", "", "= nc", "x\\",
]
HOSTNAMES = ["%h.example.com", "renamed", "%h", "%%h", "127.0.0.1", "127.1",
             "Renamed.Example", "%x", "x%", "", "%h.renamed", "::1"]
CHANNELS = ["session=5m", "session:*=1h", "*=30", "none", "global=1w", "a=0"]
BAD_CHANNELS = ["=5", "session", "session=x", "a=b=5", "", "NONE", "a=-1"]
NETWORKS = ["10.0.0.0/8", "127.0.0.0/8,::1/128", "::/0", "192.168.0.0/16"]
BAD_NETWORKS = ["10.*", "!10.0.0.0/8", "10.0.0.1/8", "x", "10.0.0.0/33", ""]
# Their values are not checked: they are good ones, of all releases.
OTHERS = [
    "ForwardAgent no", "LogLevel INFO", "SendEnv LANG LC_*", "IdentityFile x",
    "Compression yes", "RekeyLimit 1G 1h", "RekeyLimit default none",
    "UserKnownHostsFile a b", "GlobalKnownHostsFile /a /b", "Protocol 2",
    "Cipher x y z", "RSAAuthentication yes", "KerberosAuthentication a b",
    "LocalForward 1000 h:22", "RemoteForward 1000", "DynamicForward 1080",
    "HashKnownHosts yes", "GSSAPIAuthentication no", "GSSAPITrustDNS yes",
    "VisualHostKey no", "EscapeChar none", "SetEnv A=b C=d", "IPQoS lowdelay",
    "IPQoS lowdelay throughput", "AddKeysToAgent confirm 5m", "Tunnel no",
    "StrictHostKeyChecking accept-new", "RequestTTY no", "AddressFamily any",
    "LocalCommand echo 'x", "CanonicalizeHostname no", "CanonicalizeMaxDots 2",
    "CanonicalizeFallbackLocal yes", "UseRoaming no", "FingerprintHash md5",
    "PKCS11Provider none",
]
NEWER_OTHERS = [  # with the release that introduced them
    ((8, 5), "PermitRemoteOpen any"), ((8, 5), "KnownHostsCommand none"),
    ((8, 5), "LogVerbose none"), ((8, 7), "StdinNull no"),
    ((8, 7), "SessionType default"), ((9, 1), "RequiredRSASize 2048"),
    ((9, 2), "EnableEscapeCommandline no"), ((9, 4), "Tag work"),
    ((9, 5), "ObscureKeystrokeTiming no"), ((10, 0), "VersionAddendum x y"),
]
BROKEN = [
    "Bogus yes", "ClientAliveInterval 5", "ForwardAgent", "IdentityFile a b",
    "LogLevel", "ChannelTimeout session=5m", "Tag x", "LocalForward 1000",
    "UserKnownHostsFile a \"\"", "SendEnv \"\"", "Compression no no",
    "RekeyLimit 1G 1h x", "=", "= =", "\"", "\"Host", "'Host' *", "Host",
    "Match", "Include", "User", "User a b", "Port 22 23", "HostName a b",
    "CanonicalDomains a none", "\f", "IgnoreUnknown a b", "IgnoreUnknown",
    "Ciphers", "X", "Protocol", "Bogus", "HostNam e", "ServerAliveInterval",
]
IGNORES = ["bogus", "Bog*", "*", "client*,bogus", "!bogus,*", "x*,bog?s", "tag"]
