# cmake -DPROGRAM=<rules_page> -DPAGE=<docs/rules.md> -P compare_page.cmake: the page holds the table that the program prints.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE table COMMAND_ERROR_IS_FATAL ANY)
file(READ ${PAGE} page)
string(FIND "${page}" "${table}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "${PAGE} is not what the rules say; its table should be:\n${table}")
endif()
