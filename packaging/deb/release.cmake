# DEBIAN_RELEASE: the package's whole version. A package is for the release that
# it was built on, whose libraries it names: 0.1.0-1~deb12 sorts before
# 0.1.0-1~deb13, so that an upgrade of the system brings the other one.
file(STRINGS /etc/os-release OS_RELEASE)
set(OS_ID deb)
foreach(line ${OS_RELEASE})
  if(line MATCHES "^ID=\"?([a-z]+)" AND NOT CMAKE_MATCH_1 STREQUAL debian)
    set(OS_ID ${CMAKE_MATCH_1})
  elseif(line MATCHES "^VERSION_ID=\"?([0-9.]+)")
    set(OS_VERSION ${CMAKE_MATCH_1})
  endif()
endforeach()
set(DEBIAN_REVISION 1~${OS_ID}${OS_VERSION})
set(DEBIAN_RELEASE ${PROJECT_VERSION}-${DEBIAN_REVISION})
set(MAINTAINER "ssh_keepalive_exporter maintainers <maintainers@users.noreply.r-seed-80f70677.example>")
