# Where everything goes, as seen from the root directory.
set(DOC_FOLDER usr/share/doc/ssh-keepalive-exporter)
set(SHARE_FOLDER usr/share/ssh-keepalive-exporter)

# from_here(FILE DESTINATION [NAME]): a generated file.
function(from_here file destination)
  set(rename)
  if(ARGC GREATER 2)
    set(rename RENAME ${ARGV2})
  endif()
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${file} DESTINATION ${destination} ${rename})
endfunction()

install(TARGETS ssh_keepalive_exporter DESTINATION usr/bin)
install(FILES systemd/ssh-keepalive-exporter.service DESTINATION usr/lib/systemd/system)
install(FILES systemd/sysusers.conf DESTINATION usr/lib/sysusers.d
  RENAME ssh-keepalive-exporter.conf)
from_here(ssh_keepalive_exporter.ini etc/ssh_keepalive_exporter)

from_here(ssh_keepalive_exporter.1.gz usr/share/man/man1)
from_here(ssh_keepalive_exporter.ini.5.gz usr/share/man/man5)
from_here(completions.bash usr/share/bash-completion/completions ssh_keepalive_exporter)
from_here(completions.zsh usr/share/zsh/vendor-completions _ssh_keepalive_exporter)
from_here(completions.fish usr/share/fish/vendor_completions.d ssh_keepalive_exporter.fish)

# Drop-ins, rules, dashboards and examples: for copying, so not in /etc.
file(GLOB DROP_INS CONFIGURE_DEPENDS systemd/*.conf)
list(FILTER DROP_INS EXCLUDE REGEX sysusers)
file(GLOB RULES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/alerts/rules/*.rules.yml)
file(GLOB DASHBOARDS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/dashboards/*.json)
install(FILES ${DROP_INS} DESTINATION ${SHARE_FOLDER}/systemd)
install(FILES ${RULES} DESTINATION ${SHARE_FOLDER}/alerts)
install(FILES ${DASHBOARDS} DESTINATION ${SHARE_FOLDER}/dashboards)
install(FILES ${PROJECT_SOURCE_DIR}/alerts/alertmanager.yml DESTINATION ${SHARE_FOLDER}/examples)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/alerts/templates DESTINATION ${SHARE_FOLDER}/examples)
# Without the script that makes the rules of Kubernetes of those in this tree.
install(DIRECTORY reverse-proxy prometheus kubernetes ansible grafana
  DESTINATION ${SHARE_FOLDER}/examples PATTERN kubernetes/generate EXCLUDE)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${DOC_FOLDER} FILES_MATCHING PATTERN *.md)
install(FILES ${PROJECT_SOURCE_DIR}/README.md deb/copyright DESTINATION ${DOC_FOLDER})
from_here(changelog.gz ${DOC_FOLDER} changelog.Debian.gz)
install(FILES deb/lintian-overrides DESTINATION usr/share/lintian/overrides
  RENAME ssh-keepalive-exporter)
