# Runs at every build: writes the commit into OUTPUT, and touches that file
# only when the commit is another one.
execute_process(
  COMMAND git -C ${SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE REVISION
  OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET
  RESULT_VARIABLE FAILED)
if(FAILED)
  set(REVISION unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT
  "#define SSH_KEEPALIVE_REVISION \"${REVISION}\"\n")
