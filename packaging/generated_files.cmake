# What is made of the program's own command line and of docs/, into this build
# folder: target generated_files.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
find_program(LOWDOWN lowdown REQUIRED)
find_program(GZIP gzip REQUIRED)

set(MANUAL ${CMAKE_CURRENT_SOURCE_DIR}/manual)
set(DOCS ${PROJECT_SOURCE_DIR}/docs)
set(PYTHON ${Python3_EXECUTABLE} -B)
set(DESCRIBE $<TARGET_FILE:describe_command_line>)
file(GLOB MANUAL_SCRIPTS CONFIGURE_DEPENDS ${MANUAL}/*.py)
set(SOURCES_OF_ALL describe_command_line ${MANUAL_SCRIPTS} ${DOCS}/commands.md ${DOCS}/configuration.md)
# Both follow SOURCE_DATE_EPOCH.
string(TIMESTAMP TODAY "%Y-%m-%d" UTC)
string(TIMESTAMP NOW "%a, %d %b %Y %H:%M:%S +0000" UTC)

# generate(OUTPUT SOURCE COMMAND...): what the command prints is the file.
function(generate output source)
  add_custom_command(OUTPUT ${output} COMMAND ${ARGN} > ${output} DEPENDS ${source} VERBATIM)
  set_property(DIRECTORY APPEND PROPERTY GENERATED ${CMAKE_CURRENT_BINARY_DIR}/${output})
endfunction()

# manual_page(NAME SECTION ARGUMENT...): the arguments are those of pages.py.
function(manual_page name section)
  set(page ${name}.${section})
  generate(${page}.md "${SOURCES_OF_ALL}" ${PYTHON} ${MANUAL}/pages.py ${ARGN})
  generate(${page} ${page}.md ${LOWDOWN} -s -Tman --out-no-smarty -M title=${name} -M section=${section}
    -M date=${TODAY} -M source=${PROJECT_VERSION} ${page}.md)
  generate(${page}.gz ${page} ${GZIP} -9nc ${page})
endfunction()

manual_page(ssh_keepalive_exporter 1 command ${DESCRIBE} ${DOCS}/commands.md)
manual_page(ssh_keepalive_exporter.ini 5 file ${DOCS}/configuration.md)
foreach(shell bash zsh fish)
  generate(completions.${shell} "${SOURCES_OF_ALL}"
    ${PYTHON} ${MANUAL}/completions.py ${DESCRIBE} ${shell})
endforeach()
generate(ssh_keepalive_exporter.ini "${SOURCES_OF_ALL}"
  ${PYTHON} ${MANUAL}/configuration_file.py ${DOCS}/configuration.md)
generate(changelog ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  ${PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/deb/changelog.py ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    ${DEBIAN_RELEASE} ${MAINTAINER} ${NOW})
generate(changelog.gz changelog ${GZIP} -9nc changelog)

get_directory_property(GENERATED GENERATED)
add_custom_target(generated_files ALL DEPENDS ${GENERATED})
