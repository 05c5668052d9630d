# Read by nginx's configure after `config`: hangs the module onto `make modules`.
cat << END >> "$NGX_MAKEFILE"

modules: ngx_http_mfa_reset_module

.PHONY: ngx_http_mfa_reset_module
ngx_http_mfa_reset_module:
	cmake --build $NGX_OBJS/mfa_reset --target ngx_http_mfa_reset_module

END
